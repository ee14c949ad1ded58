"""The rules of the house, read off the syntax trees of all files; docs/architecture.md says why they are so.

A rule takes one file and yields what is wrong with it. Imports that only types need count like any other.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePath

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "lmarena_bridge"
SOURCE = ROOT / "src" / PACKAGE

# Which part of the package may import which; each part may import itself.
ALLOWED_IMPORTS = {
    "core.sentences": (),
    "core.errors": ("core.sentences",),
    "core.chat": ("core.errors",),
    "core.config": ("core.errors", "core.sentences"),
    "core.releases": ("core.errors",),
    "core.tabs": ("core.errors",),
    "core.api": ("core.chat", "core.config", "core.errors"),
    "core.site": ("core.chat", "core.config", "core.errors"),
    "answering": ("core",),
    "attaching": ("core",),
    "attempt": ("core",),
    "bridge": ("attaching", "attempt", "core"),
    "storage": ("core.config", "core.errors", "core.sentences"),
    "outbound": ("core.chat", "core.errors", "core.releases"),
    "server": ("core", "answering", "bridge", "storage"),
    "filebed": (),
    "tokens": ("core.errors",),
    "demo": ("core.tabs",),  # the Python tab speaks the tab protocol
    "cli": (
        "answering",
        "attaching",
        "core",
        "bridge",
        "storage",
        "tokens",
        "outbound",
        "server",
        "filebed",
        "demo",
    ),
    "__main__": ("cli",),
}
# The core has no clock, no chance, no files, no network: what it needs of them comes in as arguments.
FORBIDDEN_IN_CORE = frozenset(
    {
        "asyncio",
        "concurrent",
        "contextvars",
        "datetime",
        "glob",
        "http.client",
        "http.server",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "queue",
        "random",
        "secrets",
        "select",
        "selectors",
        "shutil",
        "signal",
        "socket",
        "socketserver",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib.request",
        "uuid",
    }
)
THIRD_PARTY_IN_CORE = frozenset({"jsonschema_rs", "msgspec", "pydantic"})
VAGUE_NAMES = frozenset(
    {"common", "helper", "helpers", "manager", "managers", "misc", "tools", "util", "utils"}
)
MUTABLE_TYPES = frozenset(
    {"list", "dict", "set", "bytearray", "deque", "defaultdict", "Counter", "OrderedDict"}
)
READ_ONLY_TYPES = frozenset({"Mapping", "Sequence", "Collection", "Set", "AbstractSet"})
LONGEST_FILE = {"src": 300, "scripts": 300, "tests": 600}
LONGEST_FUNCTION = 60


@dataclass(frozen=True)
class File:
    path: str  # from the root of the repository, with "/"
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Its place inside the package: ("core", "site", "stream"), () outside of it."""
        parts = Path(self.path).with_suffix("").parts
        inside = parts[2:] if parts[:2] == ("src", PACKAGE) else ()
        return inside[:-1] if inside[-1:] == ("__init__",) else inside

    @cached_property
    def imports(self) -> frozenset[str]:
        """All names it imports, with dots; `from a import b` counts as a.b."""
        names: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
        return frozenset(names)

    @property
    def house_imports(self) -> Iterator[tuple[str, ...]]:
        for name in self.imports:
            top, *inside = name.split(".")
            if top == PACKAGE and inside:
                yield tuple(inside)


def part_of(parts: tuple[str, ...]) -> str:
    """The row of the table above that a place in the package belongs to."""
    return ".".join(parts[:2]) if parts[0] == "core" else parts[0]


def is_within(name: str, outer: str) -> bool:
    return name == outer or name.startswith(f"{outer}.")


def dialect_of(parts: tuple[str, ...]) -> str | None:
    """A folder of core/api is a dialect; the files beside it are what all dialects share."""
    is_dialect = parts[:2] == ("core", "api") and len(parts) > 3 and Path(SOURCE, *parts[:3]).is_dir()
    return parts[2] if is_dialect else None


def imports_point_one_way(file: File) -> Iterator[str]:
    if not file.parts:
        return
    part = part_of(file.parts)
    if part not in ALLOWED_IMPORTS and not file.path.endswith("/__init__.py"):
        yield f"{part} is no part of the house: give it a row in ALLOWED_IMPORTS"
    allowed = (part, *ALLOWED_IMPORTS.get(part, ()))
    for target in file.house_imports:
        if not any(is_within(part_of(target), name) for name in allowed):
            yield f"{part} must not import {'.'.join(target)}"
        if part == "core.api" and (dialect := dialect_of(target)) and dialect not in file.parts:
            yield f"only the dialect itself may import {'.'.join(target)}"


def core_is_pure(file: File) -> Iterator[str]:
    if file.parts[:1] != ("core",):
        return
    for name in file.imports:
        top = name.split(".")[0]
        if top not in sys.stdlib_module_names | THIRD_PARTY_IN_CORE | {PACKAGE}:
            yield f"the core must not use {top}"
        if any(is_within(name, forbidden) for forbidden in FORBIDDEN_IN_CORE):
            yield f"the core must not import {name}"


def init_holds_a_docstring_only(file: File) -> Iterator[str]:
    if file.path.endswith("/__init__.py"):
        documented = ast.get_docstring(file.tree) is not None
        if len(file.tree.body) > documented:
            yield "__init__.py holds a docstring at most"


def name_says_something(file: File) -> Iterator[str]:
    for name in VAGUE_NAMES.intersection(Path(file.path).with_suffix("").parts):
        yield f"a module named {name} says nothing about what it holds"


def file_is_short(file: File) -> Iterator[str]:
    lines, longest = len(file.text.splitlines()), LONGEST_FILE[file.path.split("/")[0]]
    if lines > longest:
        yield f"{lines} lines, more than {longest}: which second concept is in it?"


def functions_are_short(file: File) -> Iterator[str]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name} has {lines} lines, more than {LONGEST_FUNCTION}"


def module_level_names_are_constant(file: File) -> Iterator[str]:
    """Only CONSTANTS, Types and the logger live at module level, and no constant can be changed in place."""
    if not file.parts:
        return
    for node in file.tree.body:
        if isinstance(node, ast.Assign):
            targets, annotation = node.targets, ""
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, annotation = [node.target], ast.unparse(node.annotation)
        elif isinstance(node, ast.AugAssign):
            yield f"{ast.unparse(node.target)} is changed at module level"
            continue
        else:
            continue
        names = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        yield from (f"{name} is a module-level variable" for name in names if is_variable_name(name))
        if node.value is not None and is_mutable(node.value) and not is_read_only(annotation):
            yield f"{names[0]} can be changed in place: say Final[Mapping[…]], or use a tuple or frozenset"


def is_variable_name(name: str) -> bool:
    bare = name.lstrip("_")
    return bare[:1].islower() and bare not in {"log", "logger"} and not name.endswith("__")


def is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.BinOp):
        return is_mutable(value.left) or is_mutable(value.right)
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).split(".")[-1] in MUTABLE_TYPES
    return isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)


def is_read_only(annotation: str) -> bool:
    final, _, inner = annotation.partition("[")
    return final == "Final" and inner.split("[")[0] in READ_ONLY_TYPES


RULES: tuple[Callable[[File], Iterator[str]], ...] = (
    imports_point_one_way,
    core_is_pure,
    init_holds_a_docstring_only,
    name_says_something,
    file_is_short,
    functions_are_short,
    module_level_names_are_constant,
)


def circles(files: list[File]) -> list[str]:
    """Modules that import one another, in a circle of any length."""
    modules = {file.parts for file in files if file.parts}
    graph = {
        # `from a import b` names a module a.b or a thing b inside of a
        file.parts: {target if target in modules else target[:-1] for target in file.house_imports}
        for file in files
        if file.parts
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" → ".join(".".join(parts) for parts in error.args[1])]
    return []


def core_files_without_test(paths: set[PurePath]) -> list[str]:
    core = PurePath("src", PACKAGE, "core")
    sources = sorted(path for path in paths if path.is_relative_to(core) and path.name != "__init__.py")
    mirrors = [
        PurePath("tests/core", path.relative_to(core).with_name(f"test_{path.name}")) for path in sources
    ]
    return [mirror.as_posix() for mirror in mirrors if mirror not in paths]


@cache
def all_files() -> list[File]:
    paths = (path for folder in LONGEST_FILE for path in sorted((ROOT / folder).rglob("*.py")))
    return [File(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def breaches(file: File) -> list[str]:
    return [wrong for rule in RULES for wrong in rule(file)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule: Callable[[File], Iterator[str]]) -> None:
    found = [f"{file.path}: {wrong}" for file in all_files() for wrong in rule(file)]
    assert not found, "\n".join(found)


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(all_files()) == []


def test_every_core_file_has_its_own_test_file() -> None:
    missing = core_files_without_test({PurePath(file.path) for file in all_files()})
    assert not missing, "\n".join(missing)


def test_the_userscript_folder_holds_no_python() -> None:
    assert list((SOURCE / "userscript").rglob("*.py")) == []


@pytest.mark.parametrize(
    ("path", "text", "wrong"),
    [
        ("core/site/a.py", "import lmarena_bridge.core.tabs", "core.site must not import core.tabs"),
        ("core/site/a.py", "from lmarena_bridge.core.api import b", "core.site must not import core.api.b"),
        ("core/api/a.py", "from lmarena_bridge.core.site import b", "core.api must not import core.site.b"),
        ("core/errors.py", "from lmarena_bridge.core import chat", "core.errors must not import core.chat"),
        ("core/chat/a.py", "if X:\n from lmarena_bridge import bridge", "core.chat must not import bridge"),
        ("storage/a.py", "from lmarena_bridge.core.site import b", "storage must not import core.site.b"),
        ("demo/a.py", "from lmarena_bridge.core.site import b", "demo must not import core.site.b"),
        ("filebed/a.py", "import lmarena_bridge.core.errors", "filebed must not import core.errors"),
        ("server/a.py", "def f():\n import lmarena_bridge.cli.main", "server must not import cli.main"),
        (
            "core/api/other/a.py",
            "from lmarena_bridge.core.api.openai.errors import b",
            "only the dialect itself may import core.api.openai.errors.b",
        ),
        ("core/new/a.py", "", "core.new is no part of the house: give it a row in ALLOWED_IMPORTS"),
        ("new.py", "", "new is no part of the house: give it a row in ALLOWED_IMPORTS"),
        ("core/chat/a.py", "from asyncio import Queue", "the core must not import asyncio.Queue"),
        ("core/chat/a.py", "import os.path", "the core must not import os.path"),
        ("core/chat/a.py", "from http import client", "the core must not import http.client"),
        ("core/chat/a.py", "import starlette.types", "the core must not use starlette"),
        ("core/__init__.py", '"""Yes."""\nNO = 1', "__init__.py holds a docstring at most"),
        ("core/__init__.py", "import re", "__init__.py holds a docstring at most"),
        ("cli/utils.py", "", "a module named utils says nothing about what it holds"),
        ("server/common/a.py", "", "a module named common says nothing about what it holds"),
        ("cli/a.py", "\n" * 301, "301 lines, more than 300: which second concept is in it?"),
        ("cli/a.py", "async def f():\n" + " 1\n" * 60, "f has 61 lines, more than 60"),
        ("cli/a.py", "count = 0", "count is a module-level variable"),
        ("cli/a.py", "A, _b = 1, 2", "_b is a module-level variable"),
        ("cli/a.py", "COUNT += 1", "COUNT is changed at module level"),
        ("cli/a.py", "SEEN = set()", "SEEN can be changed in place"),
        ("cli/a.py", "SEEN = collections.deque()", "SEEN can be changed in place"),
        ("cli/a.py", "A = {**B} | C", "A can be changed in place"),
        ("cli/a.py", "A: Final[dict[str, int]] = {}", "A can be changed in place"),
        ("cli/a.py", "A: Mapping[str, int] = {}", "A can be changed in place"),
    ],
)
def test_a_rule_finds_what_breaks_it(path: str, text: str, wrong: str) -> None:
    found = breaches(File(f"src/{PACKAGE}/{path}", text))
    assert len(found) == 1
    assert found[0].startswith(wrong)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("core/site/a.py", "from lmarena_bridge.core import errors\nfrom lmarena_bridge.core.chat import b"),
        ("core/site/a.py", "import re\nimport msgspec\nfrom http import HTTPStatus"),
        ("core/api/openai/a.py", "from lmarena_bridge.core.api.sse import b"),
        ("core/api/openai/a.py", "from lmarena_bridge.core.api.openai.errors import b"),
        ("bridge.py", "from lmarena_bridge.core.api.openai.errors import b"),
        ("cli/a.py", "from lmarena_bridge.demo import b\nfrom lmarena_bridge.outbound import c"),
        ("core/chat/__init__.py", '"""What the bridge means."""'),
        (
            "cli/a.py",
            "A: Final[Mapping[str, int]] = {}\nB = (1,)\nC = frozenset({1})\nD = MappingProxyType({})",
        ),
        ("cli/a.py", "_log = f()\nName = NewType('Name', str)\nKind: TypeAlias = 'A | B'\n__all__ = ()"),
    ],
)
def test_what_is_right_breaks_no_rule(path: str, text: str) -> None:
    assert breaches(File(f"src/{PACKAGE}/{path}", text)) == []


def test_a_circle_is_found_whatever_its_length() -> None:
    files = [
        File(f"src/{PACKAGE}/core/{name}.py", f"from lmarena_bridge.core.{other} import x")
        for name, other in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))
    ]
    assert len(circles(files)) == 1
    assert circles(files[1:]) == []


def test_a_core_file_without_test_file_is_found() -> None:
    names = ("__init__.py", "page.py", "stream.py")
    paths = {PurePath("src", PACKAGE, "core", "site", name) for name in names}
    assert core_files_without_test(paths | {PurePath("tests/core/site/test_page.py")}) == [
        "tests/core/site/test_stream.py"
    ]
