"""The layer in front of everything, over real sockets: refusals, pages of other origins, keys."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.server.caller import caller_of
from lmarena_bridge.server.entrance import Entrance, Regulars
from lmarena_bridge.server.familiar import SAID, Familiar
from lmarena_bridge.server.guard import Access
from lmarena_bridge.server.wire import Message, Receive, Scope, Send, respond
from support.chain import Chain, question
from support.chain import chain as start

PAGE = "http://localhost:3000"
LIMITED = {"name": "phone", "key": "phone-key", "requests_per_minute": 2}
SETTINGS = {"allowed_origins": [PAGE], "api_key": ["desk-key", LIMITED]}
KEY = {"authorization": "Bearer desk-key"}

Logs = list[MutableMapping[str, Any]]


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncIterator[Chain]:
    async with start(tmp_path, settings=SETTINGS) as running:
        yield running


@pytest.fixture
def logs() -> Iterator[Logs]:
    with capture_logs() as captured:
        yield captured


def code(response: httpx2.Response) -> str:
    error = response.json()["error"]
    assert set(error) >= {"message", "type", "param", "code"}
    return str(error["code"])


async def test_a_refusal_comes_before_the_body_is_read(chain: Chain) -> None:
    port = chain.client.base_url.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 1000000\r\n\r\n"
    )
    answer = await asyncio.wait_for(reader.readuntil(b'"bad_host"'), 5)
    assert answer.startswith(b"HTTP/1.1 403")
    writer.close()
    await writer.wait_closed()


async def test_a_page_that_was_named_asks_first_and_then_asks(locked: Chain) -> None:
    wanted = "authorization, content-type, x-stainless-lang, x-stainless-os, anthropic-version"
    preflight = await locked.client.options(
        "/v1/chat/completions",
        headers={
            "origin": PAGE,
            "access-control-request-method": "POST",
            "access-control-request-headers": wanted,
        },
    )
    assert preflight.status_code == 204
    assert preflight.content == b""
    assert preflight.headers["access-control-allow-origin"] == PAGE
    assert preflight.headers["access-control-allow-headers"] == wanted
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["vary"] == "Origin"
    answer = await locked.client.post(
        "/v1/chat/completions", json=question("hi"), headers={"origin": PAGE, **KEY}
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-credentials" not in answer.headers


async def test_it_can_read_what_went_wrong(locked: Chain) -> None:
    refused = await locked.client.get("/v1/models", headers={"origin": PAGE, "x-api-key": "wrong"})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == PAGE
    missing = await locked.client.get("/v1/nothing", headers={"origin": PAGE, **KEY})
    assert missing.status_code == 404
    assert missing.headers["access-control-allow-origin"] == PAGE


async def test_any_other_page_is_told_no_and_cannot_even_read_that(locked: Chain) -> None:
    evil = {"origin": "https://evil.example", "access-control-request-method": "POST", **KEY}
    for response in (
        await locked.client.options("/v1/chat/completions", headers=evil),
        await locked.client.get("/v1/models", headers=evil),
    ):
        assert response.status_code == 403
        assert code(response) == "bad_origin"
        assert not any(name.startswith("access-control") for name in response.headers)


async def test_a_key_with_a_limit_waits_and_the_others_do_not(locked: Chain) -> None:
    phone = {"x-api-key": "phone-key"}
    for _ in range(2):
        assert (
            await locked.client.post("/v1/chat/completions", json=question("hi"), headers=phone)
        ).is_success
    for _ in range(20):
        assert (await locked.client.get("/v1/models", headers=phone)).is_success
    refused = await locked.client.post("/v1/chat/completions", json=question("hi"), headers=phone)
    assert refused.status_code == 429
    assert code(refused) == "key_rate_limited"
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert (await locked.client.post("/v1/chat/completions", json=question("hi"), headers=KEY)).is_success


async def test_who_was_let_in_is_judged_anew_when_the_files_have_changed(locked: Chain) -> None:
    file = locked.server.services.home.settings

    async def asked() -> str:
        """How one question ended that always has the same header, of a model that there is not."""
        body = question("hi" * 1000) | {"model": "none"}
        return code(await locked.client.post("/v1/chat/completions", json=body, headers=KEY))

    welcome = {"model_not_found"}
    assert {await asked() for _ in range(3)} == welcome
    for change, expected in (
        ({"api_key": "another-key"}, "invalid_api_key"),
        ({"api_key": "desk-key"}, "model_not_found"),
        ({"api_key": "desk-key", "max_body_bytes": 1024}, "request_too_large"),
        ({"api_key": {"name": "desk", "key": "desk-key", "requests_per_minute": 2}}, "model_not_found"),
    ):
        file.write_text(json.dumps(SETTINGS | change), encoding="utf-8")
        assert [await asked() for _ in range(2)] == [expected] * 2
    assert await asked() == "key_rate_limited"


async def test_wrong_keys_are_slowed_down_and_the_right_one_of_this_computer_goes_on(locked: Chain) -> None:
    statuses = [
        (await locked.client.get("/v1/models", headers={"authorization": f"Bearer {guess}"})).status_code
        for guess in range(15)
    ]
    assert statuses == [401] * 10 + [429] * 5
    assert (await locked.client.get("/v1/models", headers=KEY)).is_success


async def test_a_thousand_refusals_are_a_few_lines_and_their_number(chain: Chain, logs: Logs) -> None:
    for _ in range(200):
        await chain.client.get("/", headers={"host": "evil.example"})
    lines = [each for each in logs if each["event"] == "refused"]
    assert 10 <= len(lines) <= 13
    assert "allowed_hosts" in lines[0]["reason"]


async def test_every_answer_has_the_headers_that_keep_it_to_itself(chain: Chain) -> None:
    for path in (
        "/",
        "/healthz",
        "/readyz",
        "/v1/models",
        "/openapi.json",
        "/nothing",
        "/LMArenaApiBridge.user.js",
    ):
        headers = (await chain.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
        assert headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
    answer = await chain.ask()
    assert answer.headers["x-frame-options"] == "DENY"
    refused = await chain.client.get("/v1/models", headers={"host": "evil.example"})
    assert refused.headers["cross-origin-resource-policy"] == "same-origin"


# -- from another computer: the entrance alone, as its address cannot be had here ---------------------------


class Elsewhere:
    """Requests from an address in the network; `status` is what the application behind says."""

    def __init__(self, *, status: int = 200) -> None:
        self.keys: list[ApiKey | None] = []
        self._status = status
        self._entrance = Entrance(
            self._app, lambda: Access((ApiKey("right", "desk"),), "token"), clock=lambda: 5.0
        )

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.keys.append(caller_of(scope).key)
        await respond(send, self._status, b"")

    async def ask(
        self, path: str, key: str, *, address: str = "192.168.1.7", own: str = "192.168.1.1"
    ) -> int:
        said: list[Message] = []

        async def receive() -> Message:
            raise AssertionError("the body is none of the entrance's business")

        async def send(message: Message) -> None:
            said.append(message)

        headers = [(b"host", b"127.0.0.1"), (b"x-api-key", key.encode())]
        scope = {
            **{"type": "http", "method": "POST", "path": path, "headers": headers},
            **{"client": (address, 1), "server": (own, 5102)},
        }
        await self._entrance(scope, receive, send)
        if b"error" in said[1]["body"]:
            assert json.loads(said[1]["body"])["error"]["message"]
        return int(said[0]["status"])


async def test_the_key_and_its_name_are_at_hand_for_whoever_handles_the_request() -> None:
    elsewhere = Elsewhere()
    assert await elsewhere.ask("/v1/chat/completions", "right") == 200
    assert elsewhere.keys == [ApiKey("right", "desk")]


async def test_who_guesses_from_elsewhere_waits_even_with_the_right_key() -> None:
    elsewhere = Elsewhere()
    assert await elsewhere.ask("/v1/models", "right", address="10.0.0.1") == 200
    for address in ("192.168.1.7", "10.0.0.1"):
        assert [await elsewhere.ask("/v1/models", "wrong", address=address) for _ in range(11)] == [
            401
        ] * 10 + [429]
    assert await elsewhere.ask("/v1/models", "right") == 429
    # It has worked from there before: a neighbour with a spoilt setting is no reason to stop.
    assert await elsewhere.ask("/v1/models", "right", address="10.0.0.1") == 200


async def test_wrong_keys_at_the_file_bed_count_as_well() -> None:
    elsewhere = Elsewhere(status=401)
    assert [await elsewhere.ask("/upload", "wrong") for _ in range(11)] == [401] * 10 + [429]
    assert await elsewhere.ask("/v1/models", "right") == 429


async def test_who_calls_this_computer_by_its_address_in_the_network_is_no_other_computer() -> None:
    elsewhere = Elsewhere()
    assert await elsewhere.ask("/", "right", address="192.168.1.5") == 403
    assert await elsewhere.ask("/", "right", address="192.168.1.5", own="192.168.1.5") == 200


# -- who says what was let in before ------------------------------------------------------------------------


class Regular:
    """One who says the same with each request. `access` and `standing` are those of the moment."""

    def __init__(self, *headers: tuple[bytes, bytes], address: str = "127.0.0.1") -> None:
        self.access = Access((ApiKey("right", "desk", requests_per_minute=3),), "token", passes=("pass",))
        self.standing = object()
        self.straight = 0
        self._entrance = Entrance(
            self._app,
            lambda: self.access,
            clock=lambda: 5.0,
            regulars=Regulars(lambda: self.standing, lambda _: self._way),
        )
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        self._data = b"POST /v1/chat/completions HTTP/1.1\r\n%bcontent-length: 0\r\n\r\n" % lines
        self._familiar = Familiar()
        self.client: tuple[str, int] | None = (address, 1)
        self.server: tuple[str, int | None] | None = ("127.0.0.1", 5102)
        self.hosts = (address, "127.0.0.1")
        self._scope: Scope = {
            **{"type": "http", "method": "POST", "path": "/v1/chat/completions"},
            **{
                "headers": [*headers, (b"content-length", b"0")],
                "client": self.client,
                "server": self.server,
            },
        }

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        await respond(send, 200, b"")

    async def _way(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.straight += 1
        assert caller_of(scope).label
        await respond(send, 200, b"")

    async def ask(self) -> Message:
        """The head of the answer."""
        said: list[Message] = []

        async def receive() -> Message:
            raise AssertionError("the body is none of the entrance's business")

        async def send(message: Message) -> None:
            said.append(message)

        found = self._familiar.find(self._data, self)
        scope = {**self._scope} if found is None else found[0]
        if found is None:
            scope[SAID] = self._familiar.stranger(self._data, scope, self.hosts)
        await self._entrance(scope, receive, send)
        return said[0]


HOST = (b"host", b"127.0.0.1:5102")
AGENT = (b"user-agent", b"curl/8")


async def test_who_was_let_in_goes_straight_until_the_settings_change() -> None:
    regular = Regular(HOST, AGENT, (b"x-api-key", b"right"))
    assert [(await regular.ask())["status"] for _ in range(2)] == [200, 200]
    assert regular.straight == 1
    regular.standing, regular.access = object(), Access((ApiKey("other"),), "token")
    assert (await regular.ask())["status"] == 401
    assert regular.straight == 1


async def test_and_the_limits_of_their_key_hold() -> None:
    regular = Regular(HOST, AGENT, (b"x-api-key", b"right"))
    assert [(await regular.ask())["status"] for _ in range(4)] == [200, 200, 200, 429]
    assert regular.straight == 2


async def test_a_page_may_read_what_it_is_answered_on_the_straight_way_as_well() -> None:
    regular = Regular(
        HOST, AGENT, (b"origin", b"https://chat.example"), (b"content-type", b"application/json")
    )
    regular.access = Access((), "token", allowed_origins=("https://chat.example",))
    for _ in range(2):
        head = await regular.ask()
        assert (b"access-control-allow-origin", b"https://chat.example") in head["headers"]
    assert regular.straight == 1


async def test_who_comes_with_a_pass_is_judged_each_time_for_it_runs_out() -> None:
    regular = Regular(HOST, AGENT, (b"origin", b"http://127.0.0.1:5102"), (b"x-api-key", b"pass"))
    assert [(await regular.ask())["status"] for _ in range(2)] == [200, 200]
    assert regular.straight == 0
    regular.access = Access((ApiKey("right"),), "token")
    assert (await regular.ask())["status"] == 401
