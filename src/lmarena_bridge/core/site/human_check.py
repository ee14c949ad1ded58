"""How the site shows that it wants to see a person (site-protocol.md 9, gathered 2025-07 to 2026-07).

We recognise it, tell the person and wait. Only what the site itself says is looked at, never what a model
wrote: an answer may quote "Just a moment...".
"""

import re
from collections.abc import Mapping
from typing import Final

from lmarena_bridge.core.errors import HumanCheckRequired
from lmarena_bridge.core.site.said import Said

# Cloudflare's interstitial and its block page, rows 1 and 2 of the table.
_PAGE: Final = re.compile(
    r"<title>\s*Just a moment|Attention Required! \| Cloudflare|_cf_chl_opt|cf-browser-verification"
    r"|cf-challenge-running|__cf_chl_jschl_tk__|challenge-error-text|cf-please-wait|cf-spinner-please-wait"
    r"|cf-cloudflare-status|Enable JavaScript and cookies to continue|Verifying you are human"
    r"|Checking your browser",
    re.IGNORECASE,
)

# Cloudflare documents this header for challenged requests that a page's own script made.
MITIGATED: Final = "cf-mitigated"


def wants_person(status: int, headers: Mapping[str, str], text: str, said: Said) -> bool:
    """Whether a response that is no answer is such a check. `text`: its first characters."""
    if MITIGATED in headers:
        return True
    if said.shape == "page":
        return _PAGE.search(text) is not None
    if status < 300 and said.shape != "error":
        return False
    words = said.words.lower()
    # A schema error that only misses the token's field is no check: nobody could do anything about it.
    return "recaptcha" in words and said.shape != "schema" and (status == 403 or "fail" in words)


def human_check() -> HumanCheckRequired:
    """The error that says what the person has to do."""
    return HumanCheckRequired(
        "LMArena wants to see a person. Open the LMArena tab, finish the check it shows and send one message "
        "there by hand; then click “Done, continue” in the bridge's badge and try again."
    )
