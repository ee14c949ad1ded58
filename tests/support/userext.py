"""A throw-away browser extension made of a userscript, so that its header applies for real.

Its @match, @run-at and @noframes become those of a content script, in the world the test asks for: MAIN is
what `@grant none` / `@inject-into page` means in a userscript manager, ISOLATED is `@inject-into content`.
"""

import json
import re
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Literal

World = Literal["MAIN", "ISOLATED"]

_HEADER = re.compile(r"// ==UserScript==\n(.*?)// ==/UserScript==", re.DOTALL)
_ENTRY = re.compile(r"^//[ \t]*@(\S+)[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_RUN_AT = {
    "document-start": "document_start",
    "document-end": "document_end",
    "document-idle": "document_idle",
}


def header(script: str) -> dict[str, list[str]]:
    """The userscript's metadata block: each name with all its values."""
    block = _HEADER.search(script)
    assert block, "no userscript header"
    entries = defaultdict(list)
    for name, value in _ENTRY.findall(block[1]):
        entries[name].append(value)
    return dict(entries)


def build(script: str, folder: Path, world: World) -> Path:
    """Write the extension into `folder` (made new) and return it, as `--load-extension` wants it."""
    entries = header(script)
    folder.mkdir(parents=True)
    (folder / "script.js").write_text(script, encoding="utf-8")
    content_script = {
        "matches": entries["match"],
        "js": ["script.js"],
        "run_at": _RUN_AT[entries["run-at"][0]],
        "world": world,
        "all_frames": "noframes" not in entries,
    }
    manifest = {
        "manifest_version": 3,
        "name": f"{entries['name'][0]} (test)",
        "version": "1.0",
        "browser_specific_settings": {"gecko": {"id": "userscript@test.invalid"}},
        "host_permissions": entries["match"],
        "content_scripts": [content_script],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def pack(extension: Path) -> Path:
    """The same as one file, as Firefox installs it."""
    packed = extension.with_suffix(".xpi")
    with zipfile.ZipFile(packed, "w") as archive:
        for file in extension.iterdir():
            archive.write(file, file.name)
    return packed
