"""Whether a chat would have a tab to go to."""

from lmarena_bridge.server.services import Services


def why_not_ready(services: Services) -> str | None:
    """What a person must do before a chat can work, as far as tabs go."""
    tabs = [tab for tab in services.hub.tabs if tab.connected]
    if not tabs:
        return (
            "No LMArena tab is connected. Install the userscript from /LMArenaApiBridge.user.js, then open "
            "https://lmarena.ai and leave the tab open."
        )
    if all(tab.attention for tab in tabs):
        return tabs[0].attention
    return None
