"""The documents say what is so, and their commands run: taken out of the text, never only believed."""

import ast
import asyncio
import fnmatch
import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeGuard

import click
import httpx2
import pytest

from lmarena_bridge.cli.main import program
from lmarena_bridge.core import errors
from lmarena_bridge.core.config.files import read_models, read_sessions, read_settings
from lmarena_bridge.core.site.address import is_id
from support.chain import chain

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "lmarena_bridge"
READMES = ("README.md", "README.pl.md")
BASE = "http://127.0.0.1:5102"
PATIENCE = 30.0

FENCE = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*) -->\n)?```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
# What a person or this machine would have left behind; /home/ola and /Users/ola are nobody's.
PLACES = re.compile(r"(?<![\w.:/-])/(?:work|farm|root|tmp|(?:home|Users)/(?!ola\b)[a-z]+)/\w")
REGISTRIES = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|(?:deb|security)\.debian\.org")


@dataclass(frozen=True)
class Block:
    """A fenced block. `mark`: the comment on the line before it."""

    mark: str | None
    info: str
    text: str


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str) -> list[Block]:
    return [Block(found["mark"], found["info"], found["text"]) for found in FENCE.finditer(read(name))]


def prose(name: str) -> str:
    """The document without its fenced blocks."""
    return FENCE.sub("", read(name))


def lines_of(name: str, language: str, *, mark: str | None = None) -> list[str]:
    """The lines of all blocks of a language; a line that ends in a backslash goes on with the next."""
    chosen = [block.text for block in blocks(name) if block.info == language and block.mark == mark]
    return "".join(chosen).replace("\\\n", " ").splitlines()


def example(name: str, file: str) -> bytes:
    """What the document shows as the content of a file of the home."""
    (text,) = [block.text for block in blocks(name) if block.info.split()[1:] == [file]]
    return text.encode()


def headings(name: str) -> list[tuple[int, str]]:
    return [(len(marks), text) for marks, text in re.findall(r"^(#+) (.+)$", prose(name), re.MULTILINE)]


def rows(name: str) -> list[list[str]]:
    """The cells of all table rows."""
    lines = [line for line in prose(name).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@cache
def tracked_files() -> list[Path]:
    """What belongs to the repository: everything but what .gitignore names."""
    lines = read(".gitignore").splitlines()
    return list(_walk(ROOT, [line for line in lines if line and not line.startswith("#")]))


def _walk(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        place = f"/{path.relative_to(ROOT).as_posix()}"
        names = [place if pattern.startswith("/") else path.name for pattern in ignored]
        if path.name == ".git" or any(
            fnmatch.fnmatch(name, pattern.rstrip("/")) for name, pattern in zip(names, ignored, strict=True)
        ):
            continue
        if path.is_dir():
            yield from _walk(path, ignored)
        else:
            yield path


def documents() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in tracked_files() if path.suffix == ".md"]


# -- the documents agree with each other and with the files ------------------------------------------------


@pytest.mark.parametrize("readme", READMES)
def test_the_readmes_two_commands_are_the_ones_that_ci_runs(readme: str) -> None:
    run_by_ci = [line for line in read(".ci/run").splitlines() if line.startswith("make ")]
    promised = lines_of(readme, "sh")[:2]
    assert len(run_by_ci) == 2
    assert sorted(promised) == sorted(run_by_ci)
    assert blocks(readme)[0].text.splitlines() == promised


def test_the_polish_readme_has_the_english_ones_headings_and_blocks() -> None:
    english, polish = READMES
    assert [level for level, _ in headings(polish)] == [level for level, _ in headings(english)]
    # Drawings hold words; what people copy is the same.
    assert [block for block in blocks(polish) if block.info != "text"] == [
        block for block in blocks(english) if block.info != "text"
    ]
    assert [block.info for block in blocks(polish)] == [block.info for block in blocks(english)]
    assert [len(row) for row in rows(polish)] == [len(row) for row in rows(english)]


@pytest.mark.parametrize("name", documents())
def test_every_link_inside_the_repository_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", prose(name))
    broken = [link for link in links if "://" not in link and not leads_somewhere(name, link)]
    assert not broken


def leads_somewhere(name: str, link: str) -> bool:
    place, _, anchor = link.partition("#")
    target = (ROOT / name).parent / place if place else ROOT / name
    if not target.resolve().is_relative_to(ROOT) or not target.exists():
        return False
    return not anchor or anchor in anchors(target.resolve().relative_to(ROOT).as_posix())


def anchors(name: str) -> set[str]:
    """As GitHub makes them of headings."""
    plain = (re.sub(r"[^\w\- ]", "", text.lower()) for _, text in headings(name))
    return {text.replace(" ", "-") for text in plain}


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md", "docs/tab-protocol.md"])
def test_every_file_of_ours_that_a_document_names_exists(name: str) -> None:
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", prose(name))
    places = [path for path in named if path.split("/")[0] in TOP_FOLDERS]
    assert places
    assert not [path for path in places if not (ROOT / path).exists() and not (SOURCE / path).exists()]


TOP_FOLDERS = frozenset(
    path.name
    for folder in (ROOT, SOURCE)
    for path in folder.iterdir()
    if path.is_dir() and path.name[0] != "."
)


def test_the_architecture_page_has_a_line_for_each_folder() -> None:
    folders = {
        path.relative_to(SOURCE).as_posix()
        for path in (*SOURCE.iterdir(), *(SOURCE / "core").iterdir())
        if path.is_dir() and path.name not in ("__pycache__", "core")
    }
    first = [row[0] for row in rows("docs/architecture.md")]
    assert not folders - {cell.strip("`/") for cell in first if cell.endswith("/`")}


def test_no_file_names_a_place_on_somebodys_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked_files()
        for pattern in (PLACES, REGISTRIES)
        for match in pattern.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("cd {}work/main", PLACES),
        ('open("{}home/jan/x")', PLACES),
        ("https:{}{}files.pythonhosted{}org", REGISTRIES),
    ],
)
def test_such_places_would_be_found(text: str, pattern: re.Pattern[str]) -> None:
    assert pattern.search(text.replace("{}org", ".org").replace("{}", "/"))


# -- the documents agree with the program ------------------------------------------------------------------


@pytest.mark.parametrize("readme", READMES)
def test_every_command_has_its_row_in_the_readme(readme: str) -> None:
    listed = {row[0].strip("`") for row in rows(readme)}
    assert not [command for command in commands(program) if command not in listed]


def commands(group: click.Group, *above: str) -> Iterator[str]:
    """All commands of the program as they are typed, without the program's name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield " ".join((*above, name))


def test_every_error_code_is_explained_and_no_other() -> None:
    explained = error_rows()
    known = set(class_codes()) | set(literal_codes())
    assert {"no_tab", "site_moved", "unknown_url", "arena_error"} <= known
    assert sorted(known - set(explained)) == []
    assert sorted(set(explained) - known) == []


def test_the_statuses_of_errors_are_told_truly() -> None:
    explained = error_rows()
    untrue = [
        f"{code} is {status}, not {explained.get(code)}"
        for code, status in class_codes().items()
        if code != errors.SiteRefused.code and explained.get(code) != str(status)
    ]
    assert not untrue


def error_rows() -> Mapping[str, str]:
    """Codes and statuses as the tables of errors say."""
    found = [row for row in rows("docs/troubleshooting.md") if re.fullmatch(r"`[a-z_]+`", row[0])]
    assert all(len(row) == 3 for row in found)
    return {row[0].strip("`"): row[1] for row in found}


def class_codes() -> Mapping[str, int]:
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    # The general ones last: a code belongs to the class that gives it first.
    return {each.code: each.status for each in reversed(classes) if issubclass(each, errors.BridgeError)}


def literal_codes() -> Iterator[str]:
    """Codes that are given where an error is made: `code="…"`, or `error.code = "…"`."""
    for path in sorted(SOURCE.rglob("*.py")):
        if path.relative_to(SOURCE).parts[0] in ("demo", "cli"):  # neither makes errors of the API
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (isinstance(node, ast.keyword) and node.arg == "code") or sets_code(node):
                yield from texts_in(node.value)


def sets_code(node: ast.AST) -> TypeGuard[ast.Assign]:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Attribute) and target.attr == "code" for target in node.targets
    )


def texts_in(value: ast.expr) -> list[str]:
    """The texts a value can have, those of a condition left out."""
    if isinstance(value, ast.IfExp):
        return texts_in(value.body) + texts_in(value.orelse)
    return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []


def test_everything_the_badge_says_is_explained() -> None:
    script = (SOURCE / "userscript" / "LMArenaApiBridge.user.js").read_text(encoding="utf-8")
    labels = set(re.findall(r'"(Bridge[ :][^"]*)"', script))
    explained = {row[0] for row in rows("docs/troubleshooting.md")}
    assert len(labels) > 10
    assert sorted(labels - explained) == []
    assert sorted(each for each in explained if each.startswith("Bridge")) == sorted(
        {*labels, "Bridge: 3 running"}
    )
    assert "Bridge: ${status.running} running" in script


def test_the_files_the_readme_shows_are_good_and_work_together() -> None:
    settings = read_settings(example("README.md", "config.jsonc"))
    models = read_models(example("README.md", "models.json"))
    sessions = read_sessions(example("README.md", "model_endpoint_map.json"))
    assert (settings.problems, models.problems, sessions.problems) == ((), (), ())
    assert settings.value
    assert models.value
    assert sessions.value
    (own_session,) = sessions.value["my-other-model"]
    for ids in (settings.value, own_session):
        assert is_id(ids.session_id)
        assert is_id(ids.message_id)
    assert [(model.id is None, model.kind) for model in models.value.values()] == [
        (True, "text"),
        (True, "image"),
        (False, "text"),
    ]


def test_the_settings_for_other_computers_are_good() -> None:
    settings = read_settings(example("docs/troubleshooting.md", "config.jsonc"))
    assert settings.problems == ()
    assert settings.value is not None
    assert (settings.value.host, len(settings.value.api_keys)) == ("0.0.0.0", 1)


# -- what people copy runs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("readme", READMES)
async def test_the_marked_commands_and_the_server_run_in_a_new_home(readme: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "lmarena-bridge serve" in lines_of(readme, "sh")
    async with serving("lmarena-bridge serve", home) as url, httpx2.AsyncClient(timeout=PATIENCE) as client:
        shown = [shlex.split(line)[1] for line in lines_of(readme, "sh") if line.startswith("curl ")]
        answers = {
            address.removeprefix(BASE): await client.get(address.replace(BASE, url))
            for address in (*shown, *re.findall(rf"<({BASE}/[^>]+)>", prose(readme)))
            if not address.endswith("/chat/completions")
        }
        assert {path: answer.status_code for path, answer in answers.items()} == {
            "/healthz": 200,
            "/readyz": 503,  # nobody has opened the site yet
            "/v1/models": 200,
            "/LMArenaApiBridge.user.js": 200,
        }
        assert answers["/healthz"].json() == {"status": "ok", "version": version("lmarena-bridge")}
        assert "LMArenaApiBridge.user.js" in answers["/readyz"].json()["reason"]
        assert url in answers["/LMArenaApiBridge.user.js"].text
    said = [typed(line, home) for line in lines_of(readme, "sh", mark="run by tests/test_docs.py")]
    assert said[:2] == [f"lmarena-bridge {version('lmarena-bridge')}", str(home)]
    assert said[2].endswith("Nothing is wrong.")
    assert len(said) == 3


def typed(line: str, home: Path) -> str:
    """What a command of the documents prints; it must succeed."""
    done = subprocess.run(
        arguments(line), env=environment(home), capture_output=True, encoding="utf-8", timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def arguments(line: str) -> list[str]:
    program, *rest = shlex.split(line)
    assert program == "lmarena-bridge"
    return [sys.executable, "-m", "lmarena_bridge", *rest]


def environment(home: Path) -> Mapping[str, str]:
    return {**os.environ, "LMARENA_BRIDGE_HOME": str(home), "PYTHONIOENCODING": "utf-8"}


@asynccontextmanager
async def serving(line: str, home: Path) -> AsyncIterator[str]:
    """The address of a server started as the documents say, but on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *arguments(f"{line} --port {port}"), env=environment(home), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            while f"{url}/v1" not in (said := (await process.stdout.readline()).decode()):
                assert said, "the server ended without a word"
        yield url
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.communicate()


@pytest.mark.parametrize("readme", READMES)
async def test_the_lines_in_python_print_an_answer(readme: str, tmp_path: Path) -> None:
    (block,) = [block for block in blocks(readme) if block.info == "python"]
    async with chain(tmp_path) as running:
        code = block.text.replace(BASE, running.server.url).replace("my-model", "demo-chat")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, env=environment(tmp_path), stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
    assert process.returncode == 0
    assert said.decode().startswith("Hello!")


@pytest.mark.parametrize("readme", READMES)
async def test_the_question_by_curl_gets_an_answer(readme: str, tmp_path: Path) -> None:
    (line,) = [line for line in lines_of(readme, "sh") if "chat/completions" in line]
    curl, address, header_option, header, data_option, data = shlex.split(line)
    assert (curl, header_option, data_option) == ("curl", "-H", "-d")
    body = {**json.loads(data), "model": "demo-chat"}
    async with chain(tmp_path) as running:
        answer = await running.client.post(
            address.removeprefix(BASE), json=body, headers=dict([header.split(": ")])
        )
    assert answer.status_code == 200
    assert answer.json()["choices"][0]["message"]["content"].startswith("Hello!")
