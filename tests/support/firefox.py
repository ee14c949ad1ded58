"""Drives an installed Firefox through Marionette, its own remote protocol: no driver program is needed."""

import asyncio
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

WAIT = 30.0

_PREFERENCES: Mapping[str, object] = {
    # No network but ours.
    "app.update.enabled": False,
    "browser.safebrowsing.provider.mozilla.updateURL": "",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/",
    # No questions to a person who is not there.
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "termsofuse.bypassNotification": True,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "xpinstall.signatures.required": False,
    # The preferences Marionette sets by itself would make hidden tabs and extensions behave otherwise.
    "remote.prefs.recommended": False,
}


def find_firefox() -> str:
    """The Firefox that `make firefox` sees to."""
    places = [
        *(found for name in ("firefox-esr", "firefox") if (found := shutil.which(name))),
        "/Applications/Firefox.app/Contents/MacOS/firefox",
        str(Path(os.environ.get("PROGRAMFILES", "/")) / "Mozilla Firefox" / "firefox.exe"),
    ]
    return next(place for place in places if Path(place).is_file())


class Firefox:
    """One running browser with one window."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._number = 0

    async def open(self, url: str) -> None:
        await self.command("WebDriver:Navigate", url=url)

    async def install(self, extension: Path) -> None:
        await self.command("Addon:Install", path=str(extension), temporary=True)

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page, awaited if it is a promise."""
        script = (
            "const done = arguments[arguments.length - 1];"
            f"Promise.resolve().then(() => ({expression}))"
            ".then((value) => done([value ?? null]), (error) => done(`${error}`));"
        )
        answer = await self.command("WebDriver:ExecuteAsyncScript", script=script, args=[], sandbox=None)
        value = answer["value"]
        assert isinstance(value, list), value
        return value[0]

    async def command(self, name: str, **parameters: object) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._writer.write(b"%d:%s" % (len(message), message))
        await self._writer.drain()
        _, _, error, result = await self.receive()
        assert not error, f"{name}: {error}"
        return result

    async def quit(self) -> None:
        """Have it go, and say goodbye."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await self.command("Marionette:Quit", flags=["eForceQuit"])
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def receive(self) -> Any:
        async with asyncio.timeout(WAIT):
            size = await self._reader.readuntil(b":")
            return json.loads(await self._reader.readexactly(int(size[:-1])))


@asynccontextmanager
async def firefox(folder: Path, *, hosts: tuple[str, ...], port: int) -> AsyncIterator[Firefox]:
    """A headless Firefox, profile in `folder`, for which `hosts` are this computer and https is `port`."""
    control = _free_port()
    preferences = {
        **_PREFERENCES,
        "marionette.port": control,
        "network.dns.localDomains": ",".join(hosts),
        "network.socket.forcePort": f"443={port}",
    }
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items())
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        find_firefox(),
        *("--headless", "--marionette", "--no-remote", "--profile", str(folder)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        browser = await _connect(control)
        try:
            await browser.command("WebDriver:NewSession", acceptInsecureCerts=True, pageLoadStrategy="eager")
            yield browser
        finally:
            await browser.quit()
    finally:
        await _end(process)


async def _connect(port: int) -> Firefox:
    async with asyncio.timeout(WAIT):
        while True:
            try:
                browser = Firefox(*await asyncio.open_connection("127.0.0.1", port))
            except OSError:
                await asyncio.sleep(0.1)  # it is still starting
            else:
                await browser.receive()  # its greeting
                return browser


async def _end(process: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
