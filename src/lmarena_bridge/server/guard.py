"""Who may speak to this server. Every page on the web can reach a local port: everything passes here first.

In this order: Host (against DNS rebinding), Origin and Sec-Fetch-Site (against pages of other sites), then
the credential of the place that is asked for. Each refusal names the setting that would allow it. Browsers
send `Origin` and `Sec-Fetch-Site`; programs mostly send neither, and Node's fetch sends `Sec-Fetch-Mode`
alone (clients.md 0.10), so only what is present is judged.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from lmarena_bridge.core.errors import BridgeError, Forbidden, Unauthorized

Headers = Sequence[tuple[bytes, bytes]]

# Links to files of the file bed: the site must reach them under whatever name the person gave this machine,
# and its pages must show them. Their names cannot be guessed, and nothing but such a file is behind them.
OPEN_LINKS = "/uploads/"

# Links to pictures of answers: pages of chat clients show them. Their names cannot be guessed either.
PICTURE_LINKS = "/images/"

_SCRIPT_SUFFIX = ".user.js"
# What a browser fetches when it opens the script or a manager installs it; never a <script> of some page.
_SCRIPT_DESTINATIONS = frozenset({"", "document", "empty"})


@dataclass(frozen=True, slots=True)
class Access:
    """What the settings of this moment allow. `internal_token` is the CLI's."""

    api_keys: tuple[str, ...]
    internal_token: str
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()


def judge(path: str, headers: Headers, access: Access) -> BridgeError | None:
    """Why this HTTP request is refused, or None."""
    if path.startswith((OPEN_LINKS, PICTURE_LINKS)):
        return None
    return (
        judge_host(headers, access)
        or _judge_origin(path, headers, access)
        or _judge_credential(path, headers, access)
    )


def judge_host(headers: Headers, access: Access) -> BridgeError | None:
    """Only requests that name this machine, or a host the person allowed."""
    hosts = values(headers, b"host")
    if len(hosts) == 1 and _is_ours(_name(hosts[0]), access.allowed_hosts):
        return None
    said = " and ".join(repr(host[:100]) for host in hosts) or "none"
    return Forbidden(
        f"This server answers to localhost and 127.0.0.1; the request named the host {said}. To allow "
        'another name, add it to "allowed_hosts" in config.jsonc.'
    )


def _judge_origin(path: str, headers: Headers, access: Access) -> BridgeError | None:
    origins = values(headers, b"origin")
    if origins:
        if all(_is_own(origin, headers) or origin in access.allowed_origins for origin in origins):
            return None
        return Forbidden(
            f"A web page of {origins[0][:100]!r} tried to use this server. If you want that, add exactly "
            'this text to "allowed_origins" in config.jsonc.'
        )
    if path.endswith(_SCRIPT_SUFFIX):
        return _judge_script(headers)
    site = _one(headers, b"sec-fetch-site")
    if site in ("cross-site", "same-site") and _one(headers, b"sec-fetch-mode") != "navigate":
        return Forbidden("A web page of another site tried to use this server.")
    return None


def _judge_script(headers: Headers) -> BridgeError | None:
    """The userscript carries the pairing secret: no page may include it."""
    if _one(headers, b"sec-fetch-dest") in _SCRIPT_DESTINATIONS:
        return None
    return Forbidden("The userscript can be opened and installed, but not included in a page.")


def _judge_credential(path: str, headers: Headers, access: Access) -> BridgeError | None:
    if path.startswith("/v1/") and access.api_keys and not _known(headers, access.api_keys):
        return Unauthorized(
            "Wrong or missing API key. Send one of the keys in config.jsonc (api_key) as "
            "'Authorization: Bearer KEY' or 'x-api-key: KEY'."
        )
    if path.startswith("/internal/") and not _known(headers, (access.internal_token,)):
        own = any(_is_own(origin, headers) for origin in values(headers, b"origin"))
        if not own and _one(headers, b"sec-fetch-site") != "same-origin":
            return Unauthorized(
                "This address is for the lmarena-bridge commands: it needs the token in state/internal_token."
            )
    return None


def values(headers: Headers, name: bytes) -> list[str]:
    """All values of a header, in order."""
    return [value.decode("latin-1") for key, value in headers if key == name]


def _one(headers: Headers, name: bytes) -> str:
    found = values(headers, name)
    return found[0] if found else ""


def _known(headers: Headers, keys: Iterable[str]) -> bool:
    """Compared in constant time, all keys each time, so that nothing can be measured."""
    scheme, _, token = _one(headers, b"authorization").partition(" ")
    given = token.strip() if scheme.lower() == "bearer" else ""
    given = given or _one(headers, b"x-api-key").strip()
    matches = [hmac.compare_digest(given.encode("latin-1"), key.encode()) for key in keys]
    return bool(given) and any(matches)


def _is_own(origin: str, headers: Headers) -> bool:
    """The page came from this very server: its Origin is the Host that was just judged."""
    hosts = values(headers, b"host")
    return len(hosts) == 1 and origin in (f"http://{hosts[0]}", f"https://{hosts[0]}")


def _name(host: str) -> str:
    """The host of a Host header without its port, lower case; "" if it is none."""
    if any(character in host for character in "/\\?#@ \t"):
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_ours(name: str, allowed: Iterable[str]) -> bool:
    if name in ("localhost", "localhost.") or name.endswith(".localhost"):
        return True
    if name and name in {host.lower() for host in allowed}:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
