"""Who asks, in a few words for people to read: what the list of requests says of a caller."""

import re
from typing import Final

from lmarena_bridge.server.caller import api_key_of
from lmarena_bridge.server.headers import first
from lmarena_bridge.server.wire import Scope

# How the start page itself is called.
PAGE: Final = "start page"

# The first word and version of a User-Agent say enough: `OpenAI/Python 2.1.0`, `node`.
_NAMED: Final = re.compile(r"[\w.\- /]{1,60}", re.ASCII)


def caller_label(scope: Scope) -> str:
    """The name of its key, if it has one, and the program it says it is."""
    headers = scope["headers"]
    if first(headers, b"sec-fetch-site") == "same-origin":
        return PAGE
    key = api_key_of(scope)
    named = _NAMED.match(first(headers, b"user-agent"))
    program = named[0].strip() if named else ""
    return " · ".join(filter(None, (key.name if key else "", program)))
