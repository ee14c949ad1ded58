"""A page of somebody else in a real Chromium, which tries everything that a page can; and the same against
the server without its guards, where it succeeds: so the attacks are real.

The names of the attacker lead to this computer. That is the worst case: to the browser such a page is as near
to the server as one of the server's own, and its rules for private networks do not help.
"""

import functools
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright

from lmarena_bridge.outbound.browser import find_browser
from lmarena_bridge.server.app import hot_routes, routes
from lmarena_bridge.server.serving import accepting, listen
from lmarena_bridge.server.socket import TabSocket
from lmarena_bridge.server.wire import SAFE, Message, Receive, Scope, Send
from security.wire import port_of
from support.chain import Chain, until

pytestmark = pytest.mark.browser

EVIL = "evil.example"
REBOUND = "rebound.example"

PAGE = b"<!doctype html><title>evil</title><body><iframe name='sink'></iframe>"

# Each attack gives back what it got, or "nothing".
ATTACKS = {
    "read models": "fetch(base + '/v1/models').then((r) => r.text())",
    "read with credentials": "fetch(base + '/v1/models', {credentials: 'include'}).then((r) => r.text())",
    "read the health page": "fetch(base + '/readyz').then((r) => r.text())",
    "ask with JSON": """fetch(base + '/v1/chat/completions', {method: 'POST', body: question,
        headers: {'content-type': 'application/json'}}).then((r) => r.text())""",
    "read the userscript": "fetch(base + '/LMArenaApiBridge.user.js').then((r) => r.text())",
    "open a socket": """new Promise((done) => {
        const socket = new WebSocket(base.replace('http', 'ws') + '/ws', 'lmarena-bridge.v1');
        socket.onopen = () => done('open'); socket.onerror = () => done('nothing');})""",
    "include the userscript": """new Promise((done) => {
        const script = document.createElement('script'); script.src = base + '/LMArenaApiBridge.user.js';
        script.onload = () => done('included'); script.onerror = () => done('nothing');
        document.head.append(script);})""",
    "include it in a worker": """new Promise((done) => {
        const code = `try { importScripts('${base}/LMArenaApiBridge.user.js'); postMessage('included'); }
            catch (error) { postMessage(error.name === 'NetworkError' ? 'nothing' : 'included'); }`;
        const worker = new Worker(URL.createObjectURL(new Blob([code], {type: 'text/javascript'})));
        worker.onmessage = (event) => done(event.data); worker.onerror = () => done('nothing');})""",
    "frame the start page": """new Promise((done) => {
        const frame = document.createElement('iframe'); frame.src = base + '/';
        // A page that may be framed loads and has no document for us; an error page looks the same, so
        // the test looks at the frame from outside.
        frame.onload = () => done('loaded'); frame.name = 'start'; document.body.append(frame);})""",
}
# These cannot be read by the page even without guards, but they would have an effect.
EFFECTS = {
    "ask without asking first": """fetch(base + '/v1/chat/completions', {method: 'POST', mode: 'no-cors',
        body: question, headers: {'content-type': 'text/plain'}}).then(() => 'sent')""",
    "ask with a form": """new Promise((done) => {
        const form = document.createElement('form'); form.method = 'POST'; form.enctype = 'text/plain';
        form.action = base + '/v1/chat/completions'; form.target = 'sink';
        const field = document.createElement('input'); field.name = question.slice(0, -1) + ',"x":"';
        field.value = '"}'; form.append(field); document.body.append(form);
        document.querySelector('iframe[name=sink]').onload = () => done('sent'); form.submit();})""",
    "ask with a beacon": "navigator.sendBeacon(base + '/v1/chat/completions', question)",
}
QUESTION = '{"model":"demo-chat","messages":[{"role":"user","content":"an evil question"}]}'


async def evil(scope: Scope, receive: Receive, send: Send) -> None:
    await respond_page(send)


async def respond_page(send: Send) -> None:
    headers = [(b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE})


@asynccontextmanager
async def page_of_the_attacker() -> AsyncIterator[Page]:
    """A page on http://evil.example, in a browser for which the attacker's names are this computer."""
    config = uvicorn.Config(evil, lifespan="off", log_config=None, ws="none")
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        async with (
            accepting(config, listener),
            async_playwright() as playwright,
            await playwright.chromium.launch(
                executable_path=find_browser(("chromium", "chrome", "edge", "brave")),
                chromium_sandbox=sys.platform != "linux",
                args=[f"--host-resolver-rules=MAP {EVIL} 127.0.0.1, MAP {REBOUND} 127.0.0.1"],
            ) as browser,
        ):
            page = await browser.new_page()
            await page.goto(f"http://{EVIL}:{port}/")
            yield page


@asynccontextmanager
async def unguarded(chain: Chain) -> AsyncIterator[int]:
    """The port of the same server without its entrance, its headers and the judgement of sockets."""
    services = chain.server.services
    inner = routes(services, hot_routes(services))
    names = {name for name, _ in SAFE}

    async def naked(scope: Scope, receive: Receive, send: Send) -> None:
        async def bare(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [header for header in message["headers"] if header[0].lower() not in names]
                message = {**message, "headers": kept}
            await send(message)

        await inner(scope, receive, bare)

    socket: Callable[..., Any] = functools.partial(TabSocket, links=services.hub, guard=lambda _: None)
    config = uvicorn.Config(naked, ws=socket, lifespan="off", log_config=None)  # type: ignore[arg-type]
    with listen("127.0.0.1", 0) as listener:
        async with accepting(config, listener):
            yield listener.getsockname()[1]


async def tried(page: Page, port: int, attack: str) -> str:
    script = f"""async ([base, question]) => {{
        try {{ return String(await ({attack})); }} catch (error) {{ return 'nothing'; }}
    }}"""
    got = await page.evaluate(script, [f"http://127.0.0.1:{port}", QUESTION])
    return str(got)


def questions(chain: Chain) -> int:
    return sum("an evil question" in str(each.messages) for each in chain.arena.journal.entries)


async def attack(chain: Chain, page: Page, port: int, *, guarded: bool = True) -> dict[str, str]:
    """What each attack got, without those that got nothing."""
    got = {name: await tried(page, port, script) for name, script in ATTACKS.items()}
    frame = page.frame("start")
    got["frame the start page"] = (
        "framed" if frame is not None and frame.url.startswith("http://127.0.0.1") else "nothing"
    )
    for name, script in EFFECTS.items():
        before = questions(chain)
        await tried(page, port, script)
        if not guarded:
            await until(lambda before=before: questions(chain) > before)  # type: ignore[misc]
        # What is asked later is answered later.
        await chain.ask("and now an honest one")
        await chain.until_idle()
        got[name] = "asked" if questions(chain) > before else "nothing"
    return {name: what for name, what in got.items() if what != "nothing"}


async def rebound(page: Page, port: int) -> dict[str, object]:
    """A page whose name was led to this computer after it had loaded: to the browser it is our own origin."""
    answer = await page.goto(f"http://{REBOUND}:{port}/v1/models")
    assert answer is not None
    return {"status": answer.status, "names the model": "demo-chat" in await page.content()}


async def test_a_page_gets_nothing_and_has_nothing_done(chain: Chain) -> None:
    async with page_of_the_attacker() as page:
        assert await attack(chain, page, port_of(chain)) == {}
        assert await rebound(page, port_of(chain)) == {"status": 403, "names the model": False}


async def test_without_the_guards_the_same_page_succeeds(chain: Chain) -> None:
    async with unguarded(chain) as port, page_of_the_attacker() as page:
        got = await attack(chain, page, port, guarded=False)
        assert set(got) >= {
            "open a socket",
            "include the userscript",
            "include it in a worker",
            "frame the start page",
            *EFFECTS,
        }
        assert await rebound(page, port) == {"status": 200, "names the model": True}


async def test_a_page_that_the_person_named_works(chain: Chain, tmp_path: Path) -> None:
    """A chat client in a browser: it asks first, with the headers of OpenAI's library, and reads a stream."""
    async with page_of_the_attacker() as page:
        origin = await page.evaluate("location.origin")
        chain.server.services.home.settings.write_text(
            f'{{"allowed_origins": ["{origin}"], "api_key": "k"}}', encoding="utf-8"
        )
        script = """fetch(base + '/v1/chat/completions', {method: 'POST',
            body: question.replace('{', '{"stream":true,'), headers: {'content-type': 'application/json',
            'authorization': 'Bearer k', 'x-stainless-lang': 'js', 'anthropic-version': '2023-06-01'}})
            .then(async (r) => `${r.status} ${r.headers.get('x-request-id')} ${await r.text()}`)"""
        got = await tried(page, port_of(chain), script)
        assert got.startswith("200 chatcmpl-")
        assert got.rstrip().endswith("[DONE]")
        wrong = await tried(page, port_of(chain), script.replace("Bearer k", "Bearer wrong"))
        assert wrong.startswith("401 ")
        assert "invalid_api_key" in wrong
        # And for all that it gets no more than the API.
        assert await tried(page, port_of(chain), ATTACKS["read the userscript"]) == "nothing"
        assert await tried(page, port_of(chain), ATTACKS["read the health page"]) == "nothing"
