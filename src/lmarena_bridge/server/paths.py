"""One address for what clients write in several ways.

People paste base URLs with and without /v1, with a slash at the end, or into clients that add a /v1 of their
own. All of them arrive at the address of the documents, and only there are they judged.
"""

from typing import Final

from lmarena_bridge.server.guard import API

_DOUBLED: Final = "/v1/v1/"
# What may be asked for without /v1; of /images/ only these two, for pictures have their links there.
_BARE: Final = (
    "/models",
    "/chat/completions",
    "/completions",
    "/responses",
    "/messages",
    "/files",
    "/images/generations",
    "/images/edits",
)


def canonical(path: str) -> str:
    """The address that is meant."""
    if path.startswith(_DOUBLED):
        path = path[len(_DOUBLED) - len(API) :]
    if not path.startswith(API):
        if not _is_bare(path):
            return path
        path = API[:-1] + path
    return path.rstrip("/") if path.endswith("/") and len(path) > len(API) else path


def _is_bare(path: str) -> bool:
    return any(path == bare or path.startswith(f"{bare}/") for bare in _BARE)
