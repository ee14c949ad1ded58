"""What the program can say to a person, read from its source: templates by code, and codes of errors."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent.parent.parent / "src" / "lmarena_bridge"
# Their codes reach no page: shapes of other dialects, the file bed's own answers, commands of a terminal.
_ELSEWHERE = ("core/api/", "filebed/", "cli/", "demo/")


@cache
def templates() -> Mapping[str, str]:
    """The English words of each `Template("code", "words")`. Fails for one that cannot be read like that."""
    found: dict[str, str] = {}
    for path, tree in _trees():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "Template":
                code, english = (ast.literal_eval(argument) for argument in call.args)
                assert code not in found, f"{code} is said twice, the second time in {path}"
                found[code] = english
    return found


@cache
def plain_codes() -> frozenset[str]:
    """Codes of texts of which only the kind is known."""
    return frozenset(
        ast.literal_eval(call.args[1])
        for _, tree in _trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "plain"
        and isinstance(call.args[1], ast.Constant)
    )


@cache
def error_codes() -> frozenset[str]:
    """Every code that an error on the page can have: of a class, or given to one."""
    found: set[str] = set()
    for path, tree in _trees():
        if not path.startswith(_ELSEWHERE):
            for node in ast.walk(tree):
                found.update(_codes(node))
    return frozenset(found - {""})


def _codes(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Assign(targets=[ast.Name("code") | ast.Attribute(attr="code")], value=value):
            yield from _texts(value)
        case ast.AnnAssign(target=ast.Name("code"), value=ast.expr() as value):
            yield from _texts(value)
        case ast.keyword(arg="code", value=ast.Constant(str(text))):
            yield text
        case _:
            pass


def _texts(value: ast.expr) -> Iterator[str]:
    """A text, or the two of a condition."""
    match value:
        case ast.Constant(str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body)
            yield from _texts(orelse)
        case _:
            pass


@cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    files = ((path.relative_to(SOURCE).as_posix(), path) for path in sorted(SOURCE.rglob("*.py")))
    return tuple(
        (name, ast.parse(path.read_text(encoding="utf-8")))
        for name, path in files
        if name != "demo/pages.py"  # fills pages with string.Template
    )
