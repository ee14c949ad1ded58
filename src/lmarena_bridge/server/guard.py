"""Who may speak to this server. Every page on the web can reach a local port: everything passes here first.

Each decision stands in this file, in this order, with the setting in config.jsonc that loosens it:

    Host         this computer's own names (against DNS rebinding)          allowed_hosts
    Origin       no page but our own (against every other page)             allowed_origins
    address      pages of ours go to this computer alone                    pages_for_other_computers
    credential   /v1/: an API key; /internal/: our commands or our own page api_key (empty: none is asked for)
    form         the body's announced size, and how it is packed            max_body_bytes

Links to files are open, and the upgrade of a tab's socket has a judgement of its own: `judge_upgrade`.

Browsers send `Origin` and `Sec-Fetch-Site`; programs mostly send neither, and Node's fetch sends
`Sec-Fetch-Mode` alone (clients.md 0.10), so only what is present is judged.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from operator import itemgetter
from typing import Final
from urllib.parse import urlsplit

import msgspec

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.core.errors import (
    BridgeError,
    Forbidden,
    ForeignHost,
    ForeignOrigin,
    Unauthorized,
    UnsupportedMedia,
)
from lmarena_bridge.core.site.address import is_site_origin
from lmarena_bridge.server.headers import Headers, first, given_key, values
from lmarena_bridge.server.wire import too_large

API: Final = "/v1/"
INTERNAL: Final = "/internal/"
# Links to files of the file bed: the site must reach them under whatever name the person gave this machine,
# and its pages must show them. Their names cannot be guessed, and nothing but such a file is behind them.
OPEN_LINKS: Final = "/uploads/"
# Links to pictures of answers: pages of chat clients show them. Their names cannot be guessed either.
PICTURE_LINKS: Final = "/images/"
UPLOAD: Final = "/upload"
# Where tabs connect; what is there says its own secret.
TABS: Final = "/ws"

# What other computers get as well: it asks for a key itself, or tells nothing that is private.
_FOR_ALL_COMPUTERS: Final = frozenset({UPLOAD, "/healthz", "/readyz", "/openapi.json"})
# Addresses that take a form with files; pages of other origins send JSON everywhere else.
_FORMS: Final = frozenset({"/v1/files", "/v1/images/edits"})
_SCRIPT_SUFFIX: Final = ".user.js"
# What a browser fetches when it opens the script or a manager installs it; never a <script> of some page.
_SCRIPT_DESTINATIONS: Final = frozenset({"", "document", "empty"})
_OTHER_SITES: Final = frozenset({"cross-site", "same-site"})
_SAID_BY_BROWSERS: Final = frozenset({b"origin", b"sec-fetch-mode", b"sec-fetch-site", b"sec-fetch-dest"})
_NAME: Final = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Access:
    """What the settings of this moment allow. `internal_token` is the CLI's; max_body_bytes 0: no limit.

    `passes`: what the start page's own chat sends instead of an API key.
    """

    api_keys: tuple[ApiKey, ...]
    internal_token: str
    passes: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    pages_for_other_computers: bool = False
    max_body_bytes: int = 0


class Request(msgspec.Struct, frozen=True):
    """What is known of a request before its body. `address`: the other end's, "" if it has none."""

    method: str
    path: str
    headers: Headers
    address: str = ""

    @property
    def is_a_programs(self) -> bool:
        """It says nothing that browsers say: half of what is judged here need not be looked at."""
        return _SAID_BY_BROWSERS.isdisjoint(map(_NAME, self.headers))

    @property
    def is_preflight(self) -> bool:
        """A browser asks whether a page may ask."""
        return self.method == "OPTIONS" and bool(values(self.headers, b"access-control-request-method"))


class Admitted(msgspec.Struct, frozen=True):
    """The request may pass. `key` is the API key it came with; None where none is asked for."""

    key: ApiKey | None = None


def judge(request: Request, access: Access) -> Admitted | BridgeError:
    """Whether this HTTP request may pass, else why not."""
    if request.path.startswith((OPEN_LINKS, PICTURE_LINKS)):
        return Admitted()
    refusal = (
        judge_host(request.headers, access)
        or (None if request.is_a_programs else _judge_origin(request, access))
        or _judge_address(request, access)
    )
    if refusal is not None:
        return refusal
    if request.is_preflight and page_of(request, access):
        return Admitted()
    verdict = _judge_credential(request, access)
    return _judge_form(request, access) or verdict if isinstance(verdict, Admitted) else verdict


def judge_upgrade(request: Request, access: Access) -> BridgeError | None:
    """Why this request for a tab's socket is refused, or None. The secret is said in the tab's hello."""
    if (refusal := judge_host(request.headers, access)) is not None:
        return refusal
    origins = values(request.headers, b"origin")
    if len(origins) == 1 and (is_site_origin(origins[0]) or origins[0] in access.allowed_origins):
        return None
    return ForeignOrigin(
        f"Only pages of LMArena may connect here, not {_said(origins)}. If the site has moved to another "
        'origin, add exactly its text to "allowed_origins" in config.jsonc.'
    )


def judge_host(headers: Headers, access: Access) -> BridgeError | None:
    """Only requests that name this machine, or a host the person allowed."""
    hosts = values(headers, b"host")
    if len(hosts) == 1 and _is_our_host(hosts[0], access.allowed_hosts):
        return None
    return ForeignHost(
        f"This server answers to localhost and 127.0.0.1; the request named the host {_said(hosts)}. To "
        'allow another name, add it to "allowed_hosts" in config.jsonc.'
    )


def page_of(request: Request, access: Access) -> str:
    """The origin of the other page that may read what the API answers; "" if no such page asks."""
    origins = values(request.headers, b"origin")
    if not origins or not request.path.startswith(API) or _is_own(origins[0], request.headers):
        return ""
    return origins[0] if len(origins) == 1 and origins[0] in access.allowed_origins else ""


@lru_cache(maxsize=64)
def is_this_computer(address: str) -> bool:
    """Whether the other end of a connection is a program of this very computer."""
    try:
        ip = ip_address(address)
    except ValueError:
        return not address  # a socket that is no network's
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return (mapped or ip).is_loopback


def _judge_origin(request: Request, access: Access) -> BridgeError | None:
    origins = values(request.headers, b"origin")
    if origins:
        if all(_is_own(origin, request.headers) for origin in origins) or page_of(request, access):
            return None
        return ForeignOrigin(
            f"A web page of {_said(origins)} tried to use this server. If you want that, add exactly this "
            'text to "allowed_origins" in config.jsonc; it then may use what is under /v1/.'
        )
    mode, is_script = first(request.headers, b"sec-fetch-mode"), request.path.endswith(_SCRIPT_SUFFIX)
    if is_script and first(request.headers, b"sec-fetch-dest") not in _SCRIPT_DESTINATIONS:
        return ForeignOrigin("The userscript can be opened and installed, but not included in a page.")
    if first(request.headers, b"sec-fetch-site") in _OTHER_SITES and mode != "navigate":
        return ForeignOrigin(
            "A web page of another site tried to use this server without saying which it is. Pages named in "
            '"allowed_origins" in config.jsonc may, with requests that say so (mode "cors").'
        )
    return None


def _judge_address(request: Request, access: Access) -> BridgeError | None:
    if request.path in _FOR_ALL_COMPUTERS or request.path.startswith(API):
        return None
    if access.pages_for_other_computers or is_this_computer(request.address):
        return None
    return Forbidden(
        "Pages of this server, and the userscript, are for the computer it runs on. To open them to others, "
        'set "pages_for_other_computers" to true in config.jsonc.'
    )


def _judge_credential(request: Request, access: Access) -> Admitted | BridgeError:
    if request.path.startswith(API) and access.api_keys:
        if (key := _found(request.headers, access.api_keys)) is not None:
            return Admitted(key)
        if _is_page_with_pass(request, access):
            return Admitted()
        return Unauthorized(
            "Wrong or missing API key. Send one of the keys in config.jsonc (api_key) as "
            "'Authorization: Bearer KEY' or 'x-api-key: KEY'."
        )
    if request.path.startswith(INTERNAL) and not _is_inside(request.headers, access):
        return Unauthorized(
            "This address is for the lmarena-bridge commands: it needs the token in state/internal_token."
        )
    return Admitted()


def _judge_form(request: Request, access: Access) -> BridgeError | None:
    """What can be said of a body before it is read."""
    packed = [each for each in values(request.headers, b"content-encoding") if each.lower() != "identity"]
    if packed and request.path != UPLOAD:  # the file bed says it in its own shape
        return UnsupportedMedia(f"Send the body as it is: a Content-Encoding ({_said(packed)}) is not taken.")
    length = first(request.headers, b"content-length")
    limit = access.max_body_bytes
    if request.path.startswith(API) and limit and length.isdecimal() and int(length) > limit:
        return too_large(limit)
    if request.method != "POST" or request.is_a_programs or not page_of(request, access):
        return None
    kind = first(request.headers, b"content-type").partition(";")[0].strip().lower()
    if not _is_announced(kind, request.path):
        return UnsupportedMedia(
            f"Web pages must send application/json here, not {kind[:100] or 'a body without a Content-Type'}."
        )
    return None


def _is_announced(kind: str, path: str) -> bool:
    """Browsers ask first (a preflight) before they send such a body; forms go where forms are taken."""
    return kind == "application/json" or (kind == "multipart/form-data" and path in _FORMS)


def _is_inside(headers: Headers, access: Access) -> bool:
    """One of our commands by its token, or a page that this very server gave."""
    if access.internal_token and _found(headers, (ApiKey(access.internal_token),)) is not None:
        return True
    own = any(_is_own(origin, headers) for origin in values(headers, b"origin"))
    return own or first(headers, b"sec-fetch-site") == "same-origin"


def _is_page_with_pass(request: Request, access: Access) -> bool:
    """The chat on our own page; a pass alone, outside of it, is worth nothing.

    On this computer only: a program elsewhere can say that it is our page, and must have a key all the same.
    """
    own = [_is_own(origin, request.headers) for origin in values(request.headers, b"origin")]
    if own != [True] or not is_this_computer(request.address):
        return False
    return _found(request.headers, [ApiKey(each) for each in access.passes]) is not None


def _found(headers: Headers, keys: Iterable[ApiKey]) -> ApiKey | None:
    """Compared in constant time, all keys each time, so that nothing can be measured."""
    given = given_key(headers).encode("latin-1")
    matches = [key for key in keys if hmac.compare_digest(given, key.key.encode())]
    return matches[0] if given and matches else None


def _said(texts: Sequence[str]) -> str:
    return " and ".join(repr(text[:100]) for text in texts[:3]) or "none"


def _is_own(origin: str, headers: Headers) -> bool:
    """The page came from this very server: its Origin is the Host that was just judged."""
    hosts = values(headers, b"host")
    return len(hosts) == 1 and origin in (f"http://{hosts[0]}", f"https://{hosts[0]}")


# Clients name the same host each time; taking it apart costs more than everything else here.
@lru_cache(maxsize=64)
def _is_our_host(host: str, allowed: tuple[str, ...]) -> bool:
    return _is_ours(_name(host), allowed)


def _name(host: str) -> str:
    """The host of a Host header without its port, lower case; "" if it is none."""
    if any(character in host for character in "/\\?#@ \t,"):
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
