from lmarena_bridge.server.board.log_tail import KEPT_LINES, LogTail


def test_lines_are_numbered_and_the_oldest_go() -> None:
    tail = LogTail()
    for number in range(KEPT_LINES + 5):
        tail(None, "info", {"event": f"event {number}", "level": "info", "timestamp": "12:00:00"})
    lines = tail.after(0)
    assert len(lines) == KEPT_LINES
    assert lines[-1] == {
        "number": KEPT_LINES + 5,
        "time": "12:00:00",
        "level": "info",
        "text": f"event {KEPT_LINES + 4}",
        "more": [],
    }
    assert [line["number"] for line in tail.after(KEPT_LINES + 3)] == [KEPT_LINES + 4, KEPT_LINES + 5]


def test_secrets_are_blotted_out_wherever_they_stand() -> None:
    tail = LogTail()
    tail.hide(["s3cret", ""])
    tail(None, "info", {"event": "has s3cret in it", "api_key": "another", "path": "/x?k=s3cret"})
    (line,) = tail.after(0)
    assert line["text"] == "has ••• in it"
    assert line["more"] == [["api_key", "•••"], ["path", "/x?k=•••"]]


def test_a_secret_that_becomes_known_later_is_blotted_out_of_what_is_here_already() -> None:
    tail = LogTail()
    tail.hide(["older"])
    tail(None, "info", {"event": "renewed to s3cret", "path": "/x?k=s3cret&o=older"})
    tail.hide(["s3cret", "older"])
    (line,) = tail.after(0)
    assert line["text"] == "renewed to •••"
    assert line["more"] == [["path", "/x?k=•••&o=•••"]]


def test_the_event_goes_on_as_it_came_and_long_texts_are_cut() -> None:
    tail = LogTail()
    event = {"event": "x" * 5000, "exc_info": (ValueError, ValueError("bad"), None)}
    assert tail(None, "error", event) is event
    (line,) = tail.after(0)
    assert len(line["text"]) < 700
    assert line["more"] == [["failure", "ValueError: bad"]]
