"""Whatever stands in an event, it is one line, and nothing in it is obeyed by a terminal."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from lmarena_bridge.cli.logs import printable, set_up_logs
from lmarena_bridge.server.board.log_tail import LogTail

FORGED = "x\n12:00:00 [info     ] all is well\r\x1b[31m\x9b2J\u2028\u2029\x85\x00\ud800"


@pytest.fixture
def log() -> Iterator[StringIO]:
    root, ours = logging.getLogger(), logging.getLogger("lmarena_bridge")
    before, handlers, level = structlog.get_config(), root.handlers[:], root.level
    ours_before = ours.level
    out = StringIO()
    set_up_logs(stream=out)
    yield out
    structlog.configure(**before)
    root.handlers, root.level = handlers, level
    ours.setLevel(ours_before)


def assert_one_line(written: str) -> None:
    assert written.endswith("\n")
    assert written[:-1].isprintable(), written
    assert len(written) < 4000


def test_our_own_events_cannot_be_forged(log: StringIO) -> None:
    structlog.get_logger("lmarena_bridge.test").warning(FORGED, path=FORGED, reason="y" * 100_000)
    assert_one_line(log.getvalue())
    assert "(100000 characters)" in log.getvalue()


def test_nor_those_of_libraries(log: StringIO) -> None:
    logging.getLogger("some.library").warning("told %s", FORGED)
    assert_one_line(log.getvalue())


def test_a_traceback_is_indented_so_that_its_message_cannot_pass_for_an_event(log: StringIO) -> None:
    try:
        raise ValueError(FORGED)
    except ValueError as error:
        structlog.get_logger("lmarena_bridge.test").error("internal error", exc_info=error)
        logging.getLogger("some.library").error("failed", exc_info=error)
    lines = log.getvalue().split("\n")
    told = [line for line in lines if line and not line.startswith("    ")]
    assert len(told) == 2
    assert all(line.isprintable() for line in lines)
    assert sum("all is well" in line for line in lines) >= 2


def test_what_cannot_be_read_as_http_fills_no_log(log: StringIO) -> None:
    for _ in range(3):
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    assert log.getvalue() == ""
    logging.getLogger("uvicorn.error").warning("Something else")
    assert "Something else" in log.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"), [("zażółć 🦔", "zażółć 🦔"), ("a\nb", "a\\nb"), ("\u2028", "\\u2028")]
)
def test_only_what_is_not_to_be_seen_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_what_is_not_printed_is_still_heard_by_who_follows_the_log(log: StringIO) -> None:
    tail = LogTail()
    set_up_logs(logging.ERROR, log, tail=tail)
    logger = structlog.get_logger("lmarena_bridge.test")
    logger.info("a tab has come")
    logger.debug("too small to tell")
    logger.error("something broke")
    assert [line["text"] for line in tail.after(0)] == ["a tab has come", "something broke"]
    assert "something broke" in log.getvalue()
    assert "a tab has come" not in log.getvalue()
