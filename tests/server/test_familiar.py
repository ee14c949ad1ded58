"""Which headers are remembered, and which never."""

import pytest

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.server.caller import Caller, caller, put_caller
from lmarena_bridge.server.familiar import SAID, Familiar, Said
from lmarena_bridge.server.wire import Receive, Scope, Send

KEY = ApiKey("right", "desk")
NOW = object()
FIRST = b"POST /v1/chat/completions HTTP/1.1\r\n"
HEAD = FIRST + b"Host: 127.0.0.1:5102\r\nContent-Length: 7\r\nX-API-Key: right\r\n\r\n"
HERE = "127.0.0.1"
HOSTS = (HERE, HERE)


class From:
    """A connection from a computer to another."""

    def __init__(self, client: str = HERE, server: str = HERE) -> None:
        self.client: tuple[str, int] | None = (client, 50_001)
        self.server: tuple[str, int | None] | None = (server, 5102)
        self.hosts = (client, server)


async def way(_: Scope, __: Receive, ___: Send) -> None:
    """Who answers."""


def scope(head: bytes = HEAD, **more: object) -> Scope:
    """What a parser makes of a header."""
    first, *lines = head.partition(b"\r\n\r\n")[0].split(b"\r\n")
    method, path, _ = first.decode().split(" ")
    headers = [(name.lower(), value) for name, _, value in (line.partition(b": ") for line in lines)]
    addresses = {"client": (HERE, 50_000), "server": (HERE, 5102)}
    return {"type": "http", "method": method, "path": path, "headers": headers, **addresses, **more}


def known(head: bytes = HEAD, most: int = 1000) -> tuple[Familiar, Said, Caller]:
    familiar = Familiar()
    said, who = (
        familiar.stranger(head + b"a body!", scope(head), HOSTS),
        caller(scope(head), KEY),
    )
    assert said is not None
    said.let_in(NOW, who, "/v1/chat/completions", way, most=most)
    return familiar, said, who


def found(familiar: Familiar, data: bytes, ends: From = From()) -> bool:  # noqa: B008 - nobody changes it
    return familiar.find(data, ends) is not None


def test_who_says_the_same_again_is_known() -> None:
    familiar, said, who = known()
    expected = {**scope(), "client": (HERE, 50_001), SAID: said}
    put_caller(expected, who)
    assert familiar.find(HEAD + b"another", From()) == (expected, 7, b"another")
    assert (said.standing, said.way) == (NOW, way)


def test_the_length_of_the_body_may_differ_and_stands_where_it_stood() -> None:
    familiar, said, who = known()
    for digits in (b"0", b"1000", b"007"):
        head = HEAD.replace(b": 7", b": " + digits)
        expected = {**scope(head), "client": (HERE, 50_001), SAID: said}
        put_caller(expected, who)
        assert familiar.find(head, From()) == (expected, int(digits), b"")


def test_the_address_of_what_was_said_is_the_one_that_was_meant() -> None:
    head = HEAD.replace(b"/v1/chat", b"/chat")
    familiar, _, _ = known(head)
    again = familiar.find(head, From())
    assert again is not None
    assert again[0]["path"] == "/v1/chat/completions"


def test_a_body_that_is_too_large_must_be_judged() -> None:
    familiar, _, _ = known()
    for digits in (b"1001", b"999999999999"):
        assert not found(familiar, HEAD.replace(b": 7", b": " + digits))


def test_without_a_limit_there_is_none_that_is_too_large() -> None:
    familiar, _, _ = known(most=0)
    assert found(familiar, HEAD.replace(b": 7", b": 999999999999"))


@pytest.mark.parametrize(
    "digits", [b"x", b"", b"-1", b"+7", b"7 ", b" 7", b"0x7", b"7_0", b"1" * 13, b"\xb2"]
)
def test_what_is_no_plain_length_is_for_the_parser(digits: bytes) -> None:
    familiar, _, _ = known()
    assert not found(familiar, HEAD.replace(b": 7", b": " + digits))


def test_who_says_anything_else_is_a_stranger() -> None:
    familiar, _, _ = known()
    for other in (
        HEAD.replace(b"right", b"wrong"),
        HEAD.replace(b"Host", b"host"),
        HEAD.replace(b"chat/", b""),
        HEAD.replace(b"\r\n\r\n", b"\r\nOrigin: https://evil.example\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nContent-Length: 7\r\n\r\n"),
        HEAD.replace(b"Content-Length: 7\r\n", b""),
        HEAD.replace(b"\r\n", b"\n"),
        b"\r\n" + HEAD,
        HEAD[:-1],
        HEAD[1:],
        b"",
    ):
        assert not found(familiar, other)
    assert not found(familiar, HEAD, From("192.168.1.7"))
    assert not found(familiar, HEAD, From(server=""))


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace(b"POST", b"PUT"),
        HEAD.replace(b"Content-Length: 7\r\n", b""),
        HEAD.replace(b"Content-Length: 7", b"CONTENT-LENGTH: 7"),
        HEAD.replace(b"Content-Length: 7", b"Content-Length: 7\r\nContent-Length: 7"),
        HEAD.replace(b"Content-Length: 7", b"Content-Length: 7\r\ncontent-length: 8"),
        HEAD.replace(b"X-API-Key: right", b"Transfer-Encoding: chunked"),
        HEAD.replace(b"X-API-Key: right", b"Expect: 100-continue"),
        HEAD.replace(b"X-API-Key: right", b"Upgrade: h2c"),
        HEAD.replace(b"right", b"a" * 4096),
        HEAD[:-2],
    ],
)
def test_what_is_not_plain_is_not_remembered(head: bytes) -> None:
    assert Familiar().stranger(head, scope(head), HOSTS) is None


def test_nor_is_what_the_parser_read_in_another_way() -> None:
    assert Familiar().stranger(HEAD, scope(HEAD.replace(b": 7", b": 8")), HOSTS) is None


def test_a_connection_without_addresses_is_one_of_its_own() -> None:
    familiar = Familiar()
    said = familiar.stranger(HEAD, scope(), ("", ""))
    assert said is not None
    said.let_in(NOW, caller(scope()), "/", way, most=1000)
    assert found(familiar, HEAD, From("", ""))
    assert not found(familiar, HEAD)


def test_who_was_not_let_in_is_not_remembered() -> None:
    familiar = Familiar()
    said = familiar.stranger(HEAD, scope(), HOSTS)
    assert said is not None
    assert said.standing not in (None, NOW)
    assert not found(familiar, HEAD)


def test_headers_that_differ_each_time_are_not_kept_for_ever() -> None:
    familiar, _, who = known()
    heads = [HEAD.replace(b"right", b"%d" % number) for number in range(64)]
    for head in heads:
        said = familiar.stranger(head, scope(head), HOSTS)
        assert said is not None
        said.let_in(NOW, who, "/", way, most=1000)
    assert not found(familiar, HEAD)
    assert found(familiar, heads[-1])
