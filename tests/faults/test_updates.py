"""Updates that go wrong, by the numbers of docs/reliability.md: our real program in a real environment.

The environment is new; it borrows the other packages from the one that the tests run in.
"""

import asyncio
import json
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lmarena_bridge.cli.update.environment import Environment
from lmarena_bridge.storage.home import prepare_home
from lmarena_bridge.storage.running import Running, announced
from support.free_port import free_port
from support.program import PATIENCE, program
from support.releases import Publisher, environment_in, install, publisher
from support.terminal import terminal

ROOT = Path(__file__).parent.parent.parent
NEW = "9.0.0"

pytestmark = pytest.mark.timeout(180)


@dataclass(frozen=True)
class Ran:
    code: int
    said: str


@dataclass(frozen=True)
class Person:
    """Somebody with the program installed, who trusts a publisher."""

    environment: Environment
    publisher: Publisher
    home: Path
    wheel: Path  # of the version that is installed

    @property
    def version(self) -> str:
        return self.wheel.name.split("-")[1]

    async def updates(self, *options: str) -> Ran:
        process = await asyncio.create_subprocess_exec(
            *(str(self.environment.python), "-m", "lmarena_bridge", "update", *options),
            *("--home", str(self.home)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await asyncio.wait_for(process.communicate(), 120)
        return Ran(process.returncode or 0, " ".join(out.decode().split()))

    async def now(self) -> str:
        return await asyncio.to_thread(self.environment.version)

    def other(self, version: str, *, first: str = "") -> bytes:
        """The real program as another version; `first`: what it does before all else."""
        target = self.home.parent / "other.whl"
        with zipfile.ZipFile(self.wheel) as old, zipfile.ZipFile(target, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                if name.endswith("/METADATA"):
                    text = text.replace(
                        f"\nVersion: {self.version}".encode(), f"\nVersion: {version}".encode()
                    )
                if name == "lmarena_bridge/__main__.py":
                    text = f"import os, sys\n{first}\n".encode() + text
                new.writestr(name.replace(f"-{self.version}.dist-info", f"-{version}.dist-info"), text)
        return target.read_bytes()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    environment = environment_in(tmp_path_factory.mktemp("environment"))
    borrowed = environment.packages / "borrowed.pth"
    borrowed.write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return environment


@pytest.fixture
async def person(place: Environment, wheel: Path, tmp_path: Path) -> AsyncIterator[Person]:
    await asyncio.to_thread(install, place, wheel)
    home = tmp_path / "home"
    home.mkdir()
    async with publisher() as here:
        (home / "config.jsonc").write_text(json.dumps(here.settings), encoding="utf-8")
        yield Person(place, here, home, wheel)


async def test_a_good_release_is_shown_and_installed_when_told_to(person: Person) -> None:
    person.publisher.publishes(NEW, person.other(NEW))
    shown = await person.updates("--check")
    assert shown.code == 3
    assert f"Version {NEW} is there. Better. Faster." in shown.said
    asked = await person.updates()
    assert asked.code == 3, "nobody is at the terminal, so nobody has agreed"
    assert await person.now() == person.version
    done = await person.updates("--yes")
    assert done.code == 0, done.said
    assert f"LMArena Bridge {NEW} is installed." in done.said
    assert await person.now() == NEW
    assert (await person.updates()).said == f"LMArena Bridge {NEW} is installed. There is no newer version."
    # The kept file brings the version before back.
    (old,) = (person.home / "state" / "updates").glob(f"*-{person.version}-*.whl")
    await asyncio.to_thread(install, person.environment, old)
    assert await person.now() == person.version


async def test_a_person_at_a_terminal_is_asked_and_may_say_no(person: Person) -> None:
    person.publisher.publishes(NEW, person.other(NEW))
    arguments = ("update", "--home", str(person.home))
    python = str(person.environment.python)
    async with terminal(*arguments, python=python) as shown:
        await shown.until("Install it now?")
        shown.type("\n")
        assert await shown.ends() == 3
    assert "To install it: lmarena-bridge update" in shown.text
    assert await person.now() == person.version
    async with terminal(*arguments, python=python) as shown:
        await shown.until("Install it now?")
        shown.type("y\n")
        assert await shown.ends() == 0
    assert await person.now() == NEW


async def test_fault_52_another_signature_is_not_believed(person: Person) -> None:
    person.publisher.private = Ed25519PrivateKey.generate()
    person.publisher.publishes(NEW, person.other(NEW))
    ran = await person.updates("--yes")
    assert (ran.code, "not signed with your update_public_key" in ran.said) == (1, True)
    assert person.publisher.asked == ["/manifest.json"]
    assert await person.now() == person.version


async def test_fault_52_an_older_version_is_no_update(person: Person) -> None:
    person.publisher.publishes("0.0.9", person.other("0.0.9"))
    ran = await person.updates("--yes")
    assert (ran.code, "There is no newer version." in ran.said) == (0, True)
    assert await person.now() == person.version


async def test_fault_52_a_manifest_that_has_expired_is_not_believed(person: Person) -> None:
    person.publisher.publishes(NEW, person.other(NEW), expires=int(time.time()) - 1)
    ran = await person.updates("--yes")
    assert (ran.code, "has expired" in ran.said) == (1, True)
    assert await person.now() == person.version


async def test_fault_52_a_cut_download_changes_nothing(person: Person) -> None:
    data = person.other(NEW)
    release = person.publisher.publishes(NEW, data)
    person.publisher.gives(f"/{release.file}", data[:-1000])
    ran = await person.updates("--yes")
    assert (ran.code, "cut off" in ran.said) == (1, True)
    assert await person.now() == person.version


async def test_fault_52_a_version_that_does_not_start_is_not_installed(person: Person) -> None:
    broken = person.other(NEW, first="if 'serve' in sys.argv: sys.exit('no libfoo here')")
    person.publisher.publishes(NEW, broken)
    ran = await person.updates("--yes")
    assert ran.code == 1
    assert "does not serve: no libfoo here" in ran.said
    assert "Nothing was changed." in ran.said
    assert await person.now() == person.version


async def test_fault_52_one_that_starts_in_the_trial_alone_is_taken_back(person: Person) -> None:
    """Rolled back in less than 60 s: the bounds of each step add up to less, and the test sees it happen."""
    fickle = "if 'PYTHONPATH' not in os.environ: sys.exit('not at home')"
    person.publisher.publishes(NEW, person.other(NEW, first=fickle))
    begun = time.monotonic()
    ran = await person.updates("--yes")
    assert ran.code == 1
    assert f"not at home Version {person.version} is in use as before." in ran.said
    assert await person.now() == person.version
    assert time.monotonic() - begun < 60


async def test_packages_that_would_have_to_come_from_elsewhere_are_left_to_the_person(person: Person) -> None:
    data = person.other(NEW)
    target = person.home.parent / "needy.whl"
    target.write_bytes(data)
    with zipfile.ZipFile(target) as old:
        files = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(target, "w") as new:
        for name, text in files.items():
            needs = b"\nRequires-Dist: not-there>=2\nRequires-Dist: fastapi"
            new.writestr(name, text.replace(b"\nRequires-Dist: fastapi", needs, 1))
    person.publisher.publishes(NEW, target.read_bytes())
    ran = await person.updates("--yes")
    assert ran.code == 1
    assert "requires not-there" in ran.said
    assert f'-m pip install "{person.home / "state" / "updates"}' in ran.said
    assert await person.now() == person.version


async def test_while_the_server_runs_nothing_is_installed(person: Person) -> None:
    person.publisher.publishes(NEW, person.other(NEW))
    with announced(prepare_home(person.home), Running(4711, "127.0.0.1", 5102, time.time())):
        ran = await person.updates("--yes")
    assert (ran.code, "The server runs (process 4711)" in ran.said) == (1, True)
    assert await person.now() == person.version


async def test_fault_54_without_a_network_the_api_is_there_and_who_looks_for_updates_is_quiet(
    tmp_path: Path,
) -> None:
    nobody = Publisher()
    nobody.url = f"http://127.0.0.1:{free_port()}/manifest.json"
    async with program(tmp_path, **nobody.settings) as server, server.running() as process:
        async with server.tab():
            assert (await server.ask("hi")).status_code == 200
        token = (server.home / "state" / "internal_token").read_text(encoding="utf-8").strip()
        told = await server.client.post(
            "/internal/look_for_release", headers={"authorization": f"Bearer {token}"}
        )
        assert told.json()["state"] == "unreachable"
        process.terminate()
        _, log = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert b"update" not in log.lower()
    assert b"release" not in log.lower()
    assert b"error" not in log.lower()
