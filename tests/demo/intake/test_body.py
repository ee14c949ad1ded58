import pytest
from starlette.types import Message

from lmarena_bridge.demo.intake.body import BODY_LIMIT, Body, ClientLeftError, read_body


async def read(messages: list[Message]) -> Body:
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    return await read_body(receive)


def piece(data: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


async def test_the_pieces_of_a_body_are_put_together() -> None:
    body = await read([piece(b"ab", more=True), piece(b"", more=True), piece(b"c", more=False)])
    assert (body.data, body.size, body.too_large) == (b"abc", 3, False)


async def test_a_body_of_just_the_limit_is_kept_and_one_byte_more_is_not() -> None:
    just = await read([piece(b"x" * BODY_LIMIT, more=False)])
    over = await read([piece(b"x" * BODY_LIMIT, more=True), piece(b"x", more=False)])
    assert (just.size, just.too_large, len(just.data)) == (BODY_LIMIT, False, BODY_LIMIT)
    assert (over.size, over.too_large, over.data) == (BODY_LIMIT + 1, True, b"")


async def test_a_client_that_leaves_while_sending_is_told_apart() -> None:
    with pytest.raises(ClientLeftError):
        await read([piece(b"ab", more=True), {"type": "http.disconnect"}])
