"""Heads of responses, as they go over the wire."""

import pytest

from lmarena_bridge.server.response_head import ResponseHead, response_head
from lmarena_bridge.server.wire import Header

CHUNKED = b"transfer-encoding: chunked\r\n"


def head(*headers: Header, status: int = 200, keep_alive: bool = True, to_head: bool = False) -> ResponseHead:
    return response_head(status, headers, keep_alive=keep_alive, to_head=to_head)


def test_without_a_length_it_is_in_chunks() -> None:
    expected = b"HTTP/1.1 200 OK\r\nx-of: Ours\r\n" + CHUNKED + b"\r\n"
    assert head((b"X-Of", b"Ours")) == ResponseHead(expected, chunked=True, length=0, ends=False)


def test_with_a_length_it_is_not() -> None:
    expected = b"HTTP/1.1 404 Not Found\r\ncontent-length: 12\r\n\r\n"
    said = head((b"Content-Length", b"12"), status=404)
    assert said == ResponseHead(expected, chunked=False, length=12, ends=False)


def test_the_application_may_say_that_it_is_in_chunks() -> None:
    said = head((b"transfer-encoding", b"Chunked"), (b"content-length", b"3"))
    assert (said.chunked, said.length) == (True, 0)
    assert said.data.count(b"hunked") == 1


@pytest.mark.parametrize(("status", "to_head"), [(204, False), (304, False), (200, True)])
def test_where_no_body_can_be_none_is_announced(status: int, *, to_head: bool) -> None:
    said = head(status=status, to_head=to_head)
    assert not said.chunked
    assert CHUNKED not in said.data


def test_the_last_response_of_a_connection_says_so_once() -> None:
    for said in (
        head(keep_alive=False),
        head((b"connection", b"keep-alive, Close")),
        head((b"connection", b"close"), keep_alive=False),
    ):
        assert said.ends
        assert said.data.lower().count(b"close") == 1
    assert not head((b"connection", b"keep-alive")).ends


@pytest.mark.parametrize("header", [(b"x of", b""), (b"x\r\n", b""), (b"x", b"a\r\nb: c"), (b"x", b"a\0")])
def test_what_would_be_another_header_is_refused(header: Header) -> None:
    with pytest.raises(RuntimeError, match="Invalid HTTP header"):
        head(header)
