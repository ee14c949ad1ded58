"""The threats of docs/security.md by their numbers, each attack tried over real sockets.

A test tries all forms of its attack and names those that got through. Pages in a real browser are in
test_evil_page.py; what a file can do (T13 to T15) is tried in tests/filebed, links to pictures (T18) in
tests/outbound.
"""

import asyncio
import json
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.cli.assembly import bridge_server
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.storage.home import prepare_home
from security.conftest import KEY, PAGE
from security.wire import FalseTab, false_tab, get, port_of, raw, status_of, statuses, upgrade_status
from support.chain import Chain, question, records, text_of
from support.chain import chain as start

OWN = "127.0.0.1"
CHAT = "/v1/chat/completions"

BAD_ORIGINS = (
    "https://evil.example",
    "null",
    "",
    "http://lmarena.ai",
    "https://lmarena.ai.evil.example",
    "https://evillmarena.ai",
    "https://lmarena.ai:8443",
    "https://lmarena.ai@evil.example",
    "https://LMARENA.AI.evil.example",
    "https://lmarena.ai/",
    "file://",
    "chrome-extension://abc",
    "http://127.0.0.1:5102",
)
BAD_HOSTS = (
    "attacker.example",
    "127.0.0.1.nip.io",
    "localhost.attacker.example",
    "127.0.0.1@evil",
    "0.0.0.0",
    "[::ffff:8.8.8.8]",
    "evil\\localhost",
    "",
    "localhost, evil",
    "2130706433.evil",
    "169.254.169.254",
    "192.168.1.5",
)
GOOD_HOSTS = ("localhost", "localhost:5102", "127.0.0.1", "[::1]:80", "LOCALHOST")


async def test_t1_no_other_page_gets_a_tabs_socket(chain: Chain) -> None:
    port = port_of(chain)
    through = [o for o in BAD_ORIGINS if await upgrade_status(port, host=OWN, origins=[o]) != 403]
    assert through == []
    assert await upgrade_status(port, host=OWN, origins=[]) == 403
    assert await upgrade_status(port, host=OWN, origins=["https://lmarena.ai"] * 2) == 403
    assert await upgrade_status(port, host=OWN, path="/") == 403
    for origin in ("https://lmarena.ai", "https://beta.lmarena.ai", "https://arena.ai"):
        assert await upgrade_status(port, host=OWN, origins=[origin]) == 101


async def test_t1_the_refusal_of_a_socket_is_an_error_like_any_other(chain: Chain) -> None:
    request = get("/ws", OWN, "Origin: https://evil.example", "Upgrade: websocket", "Connection: Upgrade")
    answer = await raw(port_of(chain), request + b"", within=20)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 403")
    error = json.loads(body)["error"]
    assert error["code"] == "bad_origin"
    assert "allowed_origins" in error["message"]


async def test_t1_without_the_secret_nobody_is_a_tab(chain: Chain) -> None:
    secret = chain.server.services.secret
    wrong: list[object] = ["", "wrong", None, 5, f"{secret} ", secret.upper(), secret[:-1], [secret]]
    closed = {}
    for given in wrong:
        async with false_tab(chain) as tab:
            hello: dict[str, Any] = {
                "type": "hello",
                "version": chain.server.services.version,
                "secret": given,
                "tab": "t",
                "profile": "p",
                "origin": "https://lmarena.ai",
            }
            await tab.socket.send(json.dumps(hello))
            closed[str(given)] = await tab.close_code()
    assert set(closed.values()) <= {m.CLOSE_SECRET, m.CLOSE_MALFORMED}
    assert closed["wrong"] == m.CLOSE_SECRET
    assert len(chain.server.services.hub.tabs) == 1


async def test_t1_a_socket_that_does_not_say_hello_is_closed(chain: Chain) -> None:
    async with false_tab(chain) as tab:
        assert await tab.close_code() == m.CLOSE_SILENT


@pytest.mark.parametrize("given", ["", "x" * 201, 5])
async def test_t1_a_tab_has_a_name(chain: Chain, given: object) -> None:
    async with false_tab(chain) as tab:
        await tab.socket.send(json.dumps({"type": "hello", "tab": given}))
        assert await tab.close_code() == m.CLOSE_MALFORMED


async def test_t2_the_secret_is_long_private_and_nowhere_but_in_the_userscript(chain: Chain) -> None:
    services = chain.server.services
    assert len(services.secret) >= 22  # 128 bits in this alphabet
    if sys.platform != "win32":
        assert stat.S_IMODE((services.home.state / "pairing_secret").stat().st_mode) == 0o600
        assert stat.S_IMODE(services.home.state.stat().st_mode) == 0o700
    for path in ("/", "/readyz", "/healthz", "/v1/models", "/openapi.json", "/nothing", "/v1/nothing"):
        assert services.secret not in (await chain.client.get(path)).text, path


async def test_t2_no_page_reads_or_includes_the_userscript(chain: Chain) -> None:
    script = "/LMArenaApiBridge.user.js"
    attacks: list[Mapping[str, str]] = [
        {"origin": "https://evil.example"},
        {"origin": PAGE},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "empty"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        {"sec-fetch-site": "same-origin", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "worker"},
        {"host": "evil.example"},
    ]
    got = [each for each in attacks if (await chain.client.get(script, headers=each)).status_code != 403]
    assert got == []
    opened = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    for welcome in (
        {},
        opened,
        {"sec-fetch-site": "none", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
    ):
        answer = await chain.client.get(script, headers=welcome)
        assert answer.status_code == 200
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


async def test_t3_only_this_computers_names_are_answered_to(chain: Chain) -> None:
    port = port_of(chain)
    through = [host for host in BAD_HOSTS if await status_of(port, get("/v1/models", host)) not in (400, 403)]
    upgraded = [host for host in BAD_HOSTS if await upgrade_status(port, host=host) == 101]
    assert (through, upgraded) == ([], [])
    two = get("/v1/models", "localhost", "Host: evil.example")
    assert await status_of(port, two) in (400, 403)
    refused = [host for host in GOOD_HOSTS if await status_of(port, get("/healthz", host)) != 200]
    assert refused == []


SIMPLE = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "")


async def test_t4_no_page_asks_on_the_persons_behalf(chain: Chain) -> None:
    body = json.dumps(question("hi"))
    before = len(chain.arena.journal.entries)
    through = []
    for kind in SIMPLE:
        for page in (
            {"origin": "https://evil.example"},
            {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
            {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
            {"origin": PAGE},
        ):
            answer = await chain.client.post(CHAT, content=body, headers={"content-type": kind, **page})
            if answer.status_code != (415 if page == {"origin": PAGE} else 403):
                through.append((kind, page, answer.status_code))
    assert through == []
    assert len(chain.arena.journal.entries) == before
    assert (await chain.client.post(CHAT, json=question("hi"), headers={"origin": PAGE})).status_code == 200


async def test_t4_the_inside_asks_for_its_token(chain: Chain) -> None:
    for path in (
        "sessions",
        "request_model_update",
        "update_available_models",
        "start_id_capture",
        "renew_secret",
    ):
        for headers in ({}, {"authorization": "Bearer wrong"}, {"sec-fetch-site": "none"}):
            answer = await chain.client.post(f"/internal/{path}", headers=headers)
            assert answer.status_code == 401, path


async def test_t5_pages_are_told_nothing_unless_they_were_named(chain: Chain) -> None:
    evil = {"origin": "https://evil.example"}
    for answer in (
        await chain.client.options(CHAT, headers={**evil, "access-control-request-method": "POST"}),
        await chain.client.get("/v1/models", headers=evil),
        await chain.client.get("/v1/models"),
        await chain.client.get("/v1/models", headers={"origin": "null"}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    named = await chain.client.get("/v1/models", headers={"origin": PAGE})
    assert named.headers["access-control-allow-origin"] == PAGE
    assert named.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in named.headers
    hidden = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    assert (await chain.client.get("/v1/models", headers=hidden)).status_code == 403


async def test_t6_only_a_right_key_opens_the_api(locked: Chain) -> None:
    wrong = ("", "Bearer", "Bearer x", f"Basic {KEY}", f"Bearer {KEY}x", KEY, f"Bearer  x {KEY}", "bearer")
    through = []
    for given in wrong:
        headers = {"authorization": given} if given else {}
        answer = await locked.client.post(CHAT, json=question("hi"), headers=headers)
        if answer.status_code != 401 or answer.headers["www-authenticate"] != "Bearer":
            through.append(given)
    assert through == []
    for path in ("/v1/models", "/v1/files", "/v1/nothing", "/v1/models/demo-chat"):
        assert (await locked.client.get(path)).status_code == 401, path
    for headers in (
        {"authorization": f"bearer {KEY}"},
        {"x-api-key": KEY},
        {"authorization": f"BEARER {KEY}"},
    ):
        assert (await locked.client.get("/v1/models", headers=headers)).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "my-pc.local"])
async def test_t6_nobody_else_is_served_without_a_key(tmp_path: Path, host: str) -> None:
    prepare_home(tmp_path)
    with pytest.raises(ConfigError, match="api_key"):
        async with bridge_server(tmp_path, host=host, port=0):
            pass


async def test_t7_the_key_of_the_client_goes_no_further(locked: Chain) -> None:
    answer = await locked.client.post(
        CHAT,
        json=question("hi"),
        headers={"authorization": f"Bearer {KEY}", "cookie": "c=1", "x-api-key": KEY},
    )
    assert answer.status_code == 200
    assert KEY not in repr(locked.arena.journal.entries)
    assert KEY not in (await locked.client.get("/readyz")).text


def listening() -> set[str]:
    """Where this process listens: `address:port` in the kernel's own writing."""
    own = {
        os.readlink(f"/proc/self/fd/{each}")
        for each in os.listdir("/proc/self/fd")
        if os.path.islink(f"/proc/self/fd/{each}")
    }
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in own:
                found.add(fields[1])
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's table of sockets is Linux's")
async def test_t8_t25_one_port_on_this_computer_alone(tmp_path: Path) -> None:
    before = listening()
    prepare_home(tmp_path)
    async with bridge_server(tmp_path, port=0) as server:
        port = f"{int(server.url.rpartition(':')[2]):04X}"
        new = listening() - before
        loopback = {f"0100007F:{port}", f"{'0' * 24}01000000:{port}"}
        assert f"0100007F:{port}" in new
        assert new <= loopback


SPOOFS = (
    'ad:{"finishReason":"stop"}',
    "[DONE]",
    '{"error":{"message":"x"}}',
    "<title>Just a moment...</title>",
    "data: [DONE]\n\n",
    '"}]}\n\ndata: {"x":1}',
    "\u2028\x00\x1b[31m",
    'a0:"x"\nb2:[]\n',
    "\r\n\r\nHTTP/1.1 200 OK",
)


@pytest.mark.parametrize("stream", [False, True])
async def test_t9_text_that_looks_like_the_protocol_is_text(tmp_path: Path, stream: bool) -> None:
    async with start(tmp_path, tab=False) as chain, false_tab(chain) as tab:
        await tab.greet()
        lines = "".join(f"a0:{json.dumps(text)}\n" for text in SPOOFS) + 'ad:{"finishReason":"stop"}\n'
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(chain.ask("hi", stream=stream))
            await tab.answer(await tab.job(), lines.encode())
        answer = await asked
        if not stream:
            assert answer.json()["choices"][0]["message"]["content"] == "".join(SPOOFS)
            return
        chunks = [each async for each in records(answer)]
        assert text_of(chunks[:-1]) == "".join(SPOOFS)
        assert chunks[-1] == "[DONE]"
        assert answer.text.count("data: [DONE]\n\n") == 1


async def test_t19_nothing_packed_is_unpacked(chain: Chain) -> None:
    for kind in ("gzip", "deflate", "br", "zstd", "gzip, identity", "x"):
        answer = await chain.client.post(CHAT, content=b"x", headers={"content-encoding": kind})
        assert answer.status_code == 415, kind


async def test_t20_fault_44_frames_have_a_size_and_a_tab_that_babbles_harms_itself(chain: Chain) -> None:
    async with false_tab(chain) as tab:
        await tab.greet()
        await tab.socket.send("x" * (2 << 20))
        assert await tab.close_code() == 1009
    junk: list[str | bytes] = [
        "not json",
        "[]",
        "1",
        "{}",
        '{"type":5}',
        "\x00",
        b"\x00\xff",
        b"",
        '{"type":"head"}',
    ]
    codes = []
    for frame in junk:
        async with false_tab(chain) as tab:
            await tab.greet()
            await tab.socket.send(frame)
            codes.append(await tab.close_code())
    assert codes == [m.CLOSE_MALFORMED] * len(junk)
    assert (await chain.ask("hi")).status_code == 200


async def test_t21_hundreds_of_half_sent_headers_keep_nobody_waiting(chain: Chain) -> None:
    # That they are dropped in the end is shown in tests/server/test_connection.py.
    halves = [await asyncio.open_connection("127.0.0.1", port_of(chain)) for _ in range(300)]
    try:
        for _, writer in halves:
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        assert (await chain.ask("hi")).status_code == 200
    finally:
        for _, writer in halves:
            writer.close()
    header = get("/healthz", OWN, f"X: {'a' * (200 << 10)}")
    # A server that closes on somebody who still sends may be heard or not.
    assert statuses(await raw(port_of(chain), header)) in ([431], [])


async def test_case_46_thousands_of_headers_and_huge_ones_end_their_own_connection_only(chain: Chain) -> None:
    """clients.md §7; the slow ones are above and in tests/server/test_connection.py."""
    async with asyncio.TaskGroup() as group:
        many = group.create_task(raw(port_of(chain), get("/healthz", OWN, *["X-A: b"] * 10_000)))
        huge = group.create_task(raw(port_of(chain), get("/healthz", OWN, f"X: {'a' * 100_000_000}")))
        meanwhile = await chain.ask("hi")
    assert meanwhile.status_code == 200
    for answer in (many.result(), huge.result()):
        # A server that closes on somebody who still sends may be heard or not.
        assert statuses(answer) in ([431], [])
    assert statuses(await raw(port_of(chain), get("/healthz", OWN))) == [200]


async def test_t21_fault_44_bodies_have_a_size(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"max_body_bytes": 1 << 20}) as chain:
        announced = await chain.client.post(CHAT, content=b"x" * (2 << 20))
        assert announced.status_code == 413

        async def pieces() -> Any:
            for _ in range(40):
                yield b"x" * (1 << 16)

        assert (await chain.client.post(CHAT, content=pieces())).status_code == 413
        assert (await chain.ask("hi")).status_code == 200


POST = f"POST {CHAT} HTTP/1.1\r\nHost: localhost\r\n"
SMUGGLED = {
    "CL.TE": POST + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
    "TE twice": POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "TE obfuscated": POST + "Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\nabc",
    "CL twice": POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "CL +5": POST + "Content-Length: +5\r\n\r\nabcde",
    "CL 5,5": POST + "Content-Length: 5,5\r\n\r\nabcde",
    "bare LF": "GET /healthz HTTP/1.1\nHost: localhost\n\n",
    "space before colon": "GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "obs-fold": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
    "NUL in value": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
    "CR in value": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
    "chunk size 0x": POST + "Transfer-Encoding: chunked\r\n\r\n0x2\r\nab\r\n0\r\n\r\n",
    "chunk size huge": POST + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nab\r\n0\r\n\r\n",
    "no Host": "GET /healthz HTTP/1.1\r\n\r\n",
    "HTTP/0.9": "GET /healthz\r\n\r\n",
    "absolute-form other host": "GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


async def test_t22_a_request_has_one_meaning(chain: Chain) -> None:
    answers = await asyncio.gather(
        *(raw(port_of(chain), each.encode("latin-1")) for each in SMUGGLED.values())
    )
    said = {name: statuses(answer) for name, answer in zip(SMUGGLED, answers, strict=True)}
    wrong = {
        name: each for name, each in said.items() if len(each) > 1 or any(status >= 500 for status in each)
    }
    assert wrong == {}


async def test_t22_no_header_says_who_asks(locked: Chain) -> None:
    """Behind no proxy, X-Forwarded-For is what a stranger writes to be taken for somebody else."""
    statuses_seen = [
        (
            await locked.client.get(
                "/v1/models", headers={"x-forwarded-for": f"10.0.0.{n}", "x-api-key": "wrong"}
            )
        ).status_code
        for n in range(12)
    ]
    assert statuses_seen == [401] * 10 + [429] * 2


BAD_BODIES = (
    b"",
    b"[]",
    b'"x"',
    b"1",
    b"null",
    b"{",
    b'{"model":[]}',
    b'{"model":"m1","messages":5}',
    b'{"model":"m1","messages":[]}',
    b'{"model":"m1","messages":[1]}',
    b'{"model":"m1","messages":[{"role":"user","content":[1]}]}',
    b"\xff\xfe",
    b'{"model":"m1","messages":[{"role":"user","content":"x"}],"n":0}',
    b'{"model":"m1","messages":[{"role":"user","content":"x"}],"n":1e9}',
    b'{"model":"m1","messages":[{"role":"user","content":"x"}],"stream":"yes"}',
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b'{"x":' + b"[" * 200 + b"]" * 200 + b',"model":"m1","messages":[{"role":"user","content":"x"}]}',
    b'{"model":NaN}',
    b'{"model":"m1","messages":[{"role":"user","content":"x"}],"temperature":Infinity}',
    b'{"model":"' + b"a" * 300 + b'","messages":[{"role":"user"}]}',
)


async def test_t23_a_bad_body_is_400_in_openais_shape(chain: Chain) -> None:
    wrong = {}
    for body in BAD_BODIES:
        answer = await chain.client.post(CHAT, content=body, headers={"content-type": "application/json"})
        error = answer.json().get("error", {})
        if answer.status_code not in (400, 404) or not set(error) >= {"message", "type", "param", "code"}:
            wrong[body[:60]] = (answer.status_code, answer.text[:200])
    assert wrong == {}


async def test_t23_whole_numbers_may_be_written_with_a_point_and_half_characters_mend(chain: Chain) -> None:
    assert (await chain.ask("hi", n=1.0)).status_code == 200
    body = json.dumps(question("hi")).replace('"hi"', '"half \\ud83d"')
    assert (await chain.client.post(CHAT, content=body)).status_code == 200


async def test_t24_a_tab_speaks_only_for_what_it_was_asked(tmp_path: Path) -> None:
    async with start(tmp_path) as chain, false_tab(chain) as liar:
        await liar.greet()

        async def lie(tab: FalseTab) -> None:
            for stream in range(50):
                await tab.socket.send(m.encode(m.Head(stream, 200)))
                await tab.socket.send(m.encode_data(stream, 0, b'a0:"lies"\n'))
                await tab.socket.send(m.encode(m.End(stream, 10)))

        # The liar is given some of the jobs; those that the honest tab does are none of its business.
        await lie(liar)
        await liar.socket.close()
        answers = await asyncio.gather(*(chain.ask(f"What is {n} * 3?") for n in range(10)))
        for number, answer in enumerate(answers):
            text = answer.json()["choices"][0]["message"]["content"]
            assert str(number * 3) in text
            assert "lies" not in text


async def test_t24_a_tab_that_leaves_bytes_out_is_found_out(tmp_path: Path) -> None:
    async with start(tmp_path, tab=False) as chain, false_tab(chain) as tab:
        await tab.greet()
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(chain.ask("hi"))
            for _ in range(2):  # what fails before the first word is tried once more
                fetch = await tab.job()
                await tab.socket.send(m.encode(m.Head(fetch.stream, 200)))
                await tab.socket.send(m.encode_data(fetch.stream, 10, b'a0:"lies"\n'))
        assert (await asked).status_code == 502


@pytest.mark.parametrize(
    "path", ["/uploads/../v1/models", "/images/../internal/sessions", "/images/%2e%2e/v1/models"]
)
async def test_open_links_lead_nowhere_else(locked: Chain, path: str) -> None:
    assert await status_of(port_of(locked), get(path, "evil.example")) in (400, 403, 404)
