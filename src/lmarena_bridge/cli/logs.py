"""The log: one event a line on standard error; control characters are shown, not obeyed.

What clients, pages and the site say stands in many lines. Nothing in it may begin a line of its own, move the
cursor, or fill the disk.
"""

import logging
import sys
from io import StringIO
from typing import Final, TextIO

import structlog

from lmarena_bridge.cli.saying import shows_colours
from lmarena_bridge.server.board.log_tail import LogTail

_MOST_CHARACTERS: Final = 1000
# What uvicorn says of each request it cannot read; the client is told, and there may be thousands.
_NOISE: Final = ("Invalid HTTP request received.", "Unsupported upgrade request.")


def set_up_logs(
    level: int = logging.INFO, stream: TextIO = sys.stderr, *, tail: LogTail | None = None
) -> None:
    """Print our own events from `level` on, the libraries' from WARNING on.

    `tail` hears of all that, and of our own events from INFO on whatever is printed.
    """
    heard = level if tail is None else min(level, logging.INFO)
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
    ]
    if tail is not None:
        shared.append(tail)
    renderer = structlog.dev.ConsoleRenderer(
        colors=shows_colours(stream), repr_native_str=True, pad_event_to=0, exception_formatter=_indented
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _on_one_line, renderer],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.setLevel(level)
    handler.addFilter(lambda record: record.msg not in _NOISE)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("lmarena_bridge").setLevel(heard)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(heard),
        cache_logger_on_first_use=True,
    )


def printable(text: str) -> str:
    """The text with everything that is not to be seen written as an escape: line ends, ESC, U+2028."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text
    )


def _on_one_line(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Values are shown by the renderer as Python writes them; the event itself must be made harmless here."""
    for name, value in event.items():
        if isinstance(value, str) and len(value) > _MOST_CHARACTERS:
            event[name] = f"{value[:_MOST_CHARACTERS]}… ({len(value)} characters)"
    event["event"] = printable(str(event["event"]))
    return event


def _indented(out: TextIO, info: structlog.typing.ExcInfo) -> None:
    """A traceback, indented: a message with line ends in it cannot pass for a line of the log."""
    plain = StringIO()
    structlog.dev.plain_traceback(plain, info)
    out.writelines(f"    {printable(line)}\n" for line in plain.getvalue().split("\n"))
