"""Filling in the userscript: nothing may break out of its place, and no place may go missing."""

import json
import re
from importlib import resources

import pytest

from lmarena_bridge.core.tabs.script import NAME, render

SOURCE = resources.files("lmarena_bridge").joinpath("userscript", NAME).read_text(encoding="utf-8")


def served(script: str) -> dict[str, str]:
    (literal,) = re.findall(r"const SERVED = Object\.freeze\((.*)\);", script)
    value: dict[str, str] = json.loads(literal)
    return value


def filled(version: str = "1.2.3", server: str = "http://127.0.0.1:6000", secret: str = "s3cret") -> str:
    return render(SOURCE, version=version, server=server, secret=secret)


def test_the_values_stand_in_the_script() -> None:
    assert served(filled()) == {"version": "1.2.3", "server": "http://127.0.0.1:6000", "secret": "s3cret"}


def test_the_header_names_version_and_addresses_for_updates() -> None:
    header = filled().partition("// ==/UserScript==")[0].splitlines()
    assert "// @version      1.2.3" in header
    assert "// @downloadURL  http://127.0.0.1:6000/LMArenaApiBridge.user.js" in header
    assert "// @updateURL    http://127.0.0.1:6000/LMArenaApiBridge.user.js" in header


def test_nothing_else_changes() -> None:
    before, after = SOURCE.splitlines(), filled().splitlines()
    assert len(before) == len(after)
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 4


@pytest.mark.parametrize(
    "secret",
    ['"}); alert(1); ({"', "</script><script>", "\u2028\u2029\n\r", "\\1 \\g<0> \\", "ключ 🔑", "*/ // '"],
)
def test_a_secret_cannot_leave_its_literal(secret: str) -> None:
    script = filled(secret=secret)
    assert served(script)["secret"] == secret
    assert len(script.splitlines()) == len(SOURCE.splitlines())
    (line,) = (line for line in script.splitlines() if "const SERVED" in line)
    assert line.isascii()
    assert "<" not in line


@pytest.mark.parametrize("value", ["", "1.0\n// @grant GM_xmlhttpRequest", "1 0", "1\u20280", "ż"])
def test_what_would_break_the_header_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="header"):
        filled(version=value)
    with pytest.raises(ValueError, match="header"):
        filled(server=value)


@pytest.mark.parametrize(
    "line",
    [
        "// @version      0.0.0",
        "// @downloadURL  http://127.0.0.1:5102/",
        "// @updateURL    http://127.0.0.1:5102/",
        'const SERVED = Object.freeze({ version: "0.0.0", server: "http://127.0.0.1:5102", secret: "" });',
    ],
)
def test_a_place_that_is_missing_or_there_twice_is_an_error(line: str) -> None:
    assert SOURCE.count(line) == 1
    for source in (SOURCE.replace(line, "//"), f"{SOURCE}\n{line}"):
        with pytest.raises(ValueError, match="times in the userscript"):
            render(source, version="1", server="http://127.0.0.1:1", secret="s")
