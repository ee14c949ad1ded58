"""What it means to the caller that a tab's fetch did not work."""

from lmarena_bridge.core.errors import BridgeError, SiteRefused, TabLost
from lmarena_bridge.core.tabs.messages import FailureReason


def lost_bytes(why: str) -> TabLost:
    return TabLost(f"Part of the answer was lost on its way from the tab: {why}. Try again.")


def fetch_failed(reason: FailureReason, text: str) -> BridgeError:
    """The error behind a `failed` message; `text` is what the browser said."""
    match reason:
        case "network":
            return SiteRefused(
                "The LMArena tab could not reach the site, or the connection broke. "
                f"Check that the page still works in the tab. (The browser says: {text or 'network error'})",
                code="site_unreachable",
                retryable=True,
            )
        case "redirected":
            return SiteRefused(
                "LMArena answered with a redirect: it has probably moved to another address. Open the site "
                "again (https://arena.ai or https://lmarena.ai) and use the tab you end up in.",
                code="site_moved",
            )
        case "cancelled":
            return TabLost("The browser stopped the request. Keep the LMArena tab open and try again.")
        case _:  # refused: not a path of the page's own origin
            return SiteRefused(
                f"The userscript refused to fetch this address: {text}. Please report this.",
                code="tab_refused",
            )
