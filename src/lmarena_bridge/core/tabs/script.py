"""The userscript as one server hands it out: with its version, its address and its secret in it.

The file as it lies in the package is a whole, valid userscript; four places in it are replaced.
"""

import json
import re
from typing import Final

NAME: Final = "LMArenaApiBridge.user.js"

_SERVED: Final = re.compile(r"const SERVED = Object\.freeze\(\{.*\}\);")
_VERSION: Final = re.compile(r"(?<=^// @version      )0\.0\.0$", re.MULTILINE)
_DOWNLOAD: Final = re.compile(r"(?<=^// @downloadURL  )http://127\.0\.0\.1:5102(?=/)", re.MULTILINE)
_UPDATE: Final = re.compile(r"(?<=^// @updateURL    )http://127\.0\.0\.1:5102(?=/)", re.MULTILINE)
_HEADER_VALUE: Final = re.compile(r"[!-~]+")


def render(source: str, *, version: str, server: str, secret: str) -> str:
    """Fill in the script: `server` is the origin the tab connects to, like `http://127.0.0.1:5102`.

    Raises ValueError if a place to fill is not in the source exactly once, or if `version` or `server`
    could not stand in a userscript's header (they must be printable ASCII without spaces).
    """
    for value in (version, server):
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"not fit for a userscript's header: {value!r}")
    served = _literal({"version": version, "server": server, "secret": secret})
    source = _replace(_SERVED, f"const SERVED = Object.freeze({served});", source)
    source = _replace(_VERSION, version, source)
    source = _replace(_DOWNLOAD, server, source)
    return _replace(_UPDATE, server, source)


def _replace(place: re.Pattern[str], value: str, source: str) -> str:
    # A function, so that backslashes in the value stay what they are.
    filled, count = place.subn(lambda _: value, source)
    if count != 1:
        raise ValueError(f"{place.pattern} stands {count} times in the userscript, not once")
    return filled


def _literal(value: dict[str, str]) -> str:
    """JavaScript that is pure ASCII (so U+2028 is escaped) and safe inside a `<script>`, too."""
    return json.dumps(value).replace("<", "\\u003c")
