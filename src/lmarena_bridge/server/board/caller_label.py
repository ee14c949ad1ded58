"""Who asks, in a few words for people to read: what the list of requests says of a caller."""

import re
from typing import Final

from lmarena_bridge.server.headers import Headers, first

# How the start page itself is called.
PAGE: Final = "start page"

# The first word and version of a User-Agent say enough: `OpenAI/Python 2.1.0`, `node`.
_NAMED: Final = re.compile(r"[\w.\- /]{1,60}", re.ASCII)


def caller_label(headers: Headers, key_name: str) -> str:
    """The name of its key, if it has one, and the program it says it is."""
    if first(headers, b"sec-fetch-site") == "same-origin":
        return PAGE
    named = _NAMED.match(first(headers, b"user-agent"))
    program = named[0].strip() if named else ""
    return " · ".join(filter(None, (key_name, program)))
