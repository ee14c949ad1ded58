from dataclasses import replace

import pytest

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.core.errors import (
    BridgeError,
    Forbidden,
    ForeignHost,
    ForeignOrigin,
    TooLarge,
    Unauthorized,
    UnsupportedMedia,
)
from lmarena_bridge.server.guard import (
    Access,
    Admitted,
    Request,
    is_this_computer,
    judge,
    judge_host,
    judge_upgrade,
    page_of,
)

OPEN = Access(api_keys=(), internal_token="the token")
LOCKED = Access(
    api_keys=(ApiKey("first", "phone"), ApiKey("zweiter-schlüssel", "desk")), internal_token="the token"
)
PAGE = "http://localhost:3000"
PAGED = Access((), "t", allowed_origins=(PAGE,), max_body_bytes=1000)
LAN = "192.168.1.7"


def headers(*pairs: tuple[str, str], host: str = "127.0.0.1:5102") -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("utf-8")) for name, value in (("host", host), *pairs)]


def ask(
    path: str,
    *pairs: tuple[str, str],
    access: Access = OPEN,
    host: str = "127.0.0.1:5102",
    method: str = "GET",
    address: str = "127.0.0.1",
) -> Admitted | BridgeError:
    return judge(Request(method, path, headers(*pairs, host=host), address), access)


def verdict(
    path: str,
    *pairs: tuple[str, str],
    access: Access = OPEN,
    host: str = "127.0.0.1:5102",
    method: str = "GET",
    address: str = "127.0.0.1",
) -> type | None:
    said = ask(path, *pairs, access=access, host=host, method=method, address=address)
    return type(said) if isinstance(said, BridgeError) else None


# -- Host -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:5102",
        "localhost",
        "LOCALHOST:1",
        "localhost.",
        "a.localhost:5102",
        "[::1]:5102",
        "127.9.9.9",
    ],
)
def test_names_of_this_machine_are_ours(host: str) -> None:
    assert verdict("/v1/models", host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:5102",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "localhost@evil.example",
        "evil.example#localhost",
        "evil.example?.localhost",
        "evil.example\\.localhost",
        "192.168.1.5:5102",
        "0.0.0.0:5102",
        "[::ffff:10.0.0.1]",
        "[::1",
        "",
        " ",
    ],
)
def test_any_other_name_is_refused_on_every_path(host: str) -> None:
    for path in ("/", "/v1/models", "/internal/x", "/LMArenaApiBridge.user.js"):
        assert verdict(path, host=host) is ForeignHost


def test_two_hosts_or_none_are_refused() -> None:
    assert isinstance(judge_host(headers(("host", "localhost")), OPEN), ForeignHost)
    assert isinstance(judge_host([], OPEN), ForeignHost)


def test_a_name_that_the_person_allowed_is_ours() -> None:
    access = Access((), "t", allowed_hosts=("My-PC.local",))
    assert verdict("/v1/models", host="my-pc.local:5102", access=access) is None


def test_the_refusal_names_the_setting() -> None:
    refusal = ask("/", host="evil.example")
    assert isinstance(refusal, BridgeError)
    assert "allowed_hosts" in refusal.message
    assert "evil.example" in refusal.message


# -- pages of other sites --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1:8000",
        "http://localhost:5102",
        "null",
        "https://lmarena.ai",
        "",
    ],
)
def test_a_page_of_another_origin_is_refused(origin: str) -> None:
    assert verdict("/v1/chat/completions", ("origin", origin)) is ForeignOrigin


def test_our_own_page_and_an_allowed_one_may_speak() -> None:
    access = Access((), "t", allowed_origins=("http://localhost:3000",))
    assert verdict("/v1/models", ("origin", "http://127.0.0.1:5102")) is None
    assert verdict("/v1/models", ("origin", "http://localhost:3000"), access=access) is None
    two = (("origin", "http://localhost:3000"), ("origin", "https://evil.example"))
    assert verdict("/v1/models", *two, access=access) is ForeignOrigin


@pytest.mark.parametrize("path", ["/", "/readyz", "/internal/x", "/LMArenaApiBridge.user.js", "/upload"])
def test_an_allowed_page_may_use_the_api_and_nothing_else(path: str) -> None:
    assert verdict(path, ("origin", PAGE), access=PAGED) is ForeignOrigin
    assert page_of(Request("GET", path, headers(("origin", PAGE))), PAGED) == ""


def test_an_allowed_page_may_read_the_answer_and_our_own_needs_no_leave() -> None:
    assert page_of(Request("GET", "/v1/models", headers(("origin", PAGE))), PAGED) == PAGE
    assert page_of(Request("GET", "/v1/models", headers(("origin", "http://127.0.0.1:5102"))), PAGED) == ""
    assert page_of(Request("GET", "/v1/models", headers(("origin", "null"))), PAGED) == ""
    assert page_of(Request("GET", "/v1/models", headers()), PAGED) == ""


def test_a_browser_may_ask_for_an_allowed_page_without_a_key() -> None:
    locked = Access(LOCKED.api_keys, "t", allowed_origins=(PAGE,))
    question = (("origin", PAGE), ("access-control-request-method", "POST"))
    assert verdict("/v1/chat/completions", *question, access=locked, method="OPTIONS") is None
    assert verdict("/v1/chat/completions", *question, access=locked, method="POST") is Unauthorized
    assert verdict("/v1/chat/completions", question[0], access=locked, method="OPTIONS") is Unauthorized
    evil = (("origin", "https://evil.example"), question[1])
    assert verdict("/v1/chat/completions", *evil, access=locked, method="OPTIONS") is ForeignOrigin


@pytest.mark.parametrize(
    ("kind", "path", "wanted"),
    [
        ("application/json; charset=utf-8", "/v1/chat/completions", None),
        ("text/plain", "/v1/chat/completions", UnsupportedMedia),
        ("application/x-www-form-urlencoded", "/v1/chat/completions", UnsupportedMedia),
        ("multipart/form-data; boundary=x", "/v1/chat/completions", UnsupportedMedia),
        ("", "/v1/chat/completions", UnsupportedMedia),
        ("multipart/form-data; boundary=x", "/v1/files", None),
    ],
)
def test_a_page_sends_only_what_browsers_ask_about_first(kind: str, path: str, wanted: type | None) -> None:
    sent = (("origin", PAGE), ("content-type", kind))
    assert verdict(path, *sent, access=PAGED, method="POST") is wanted
    # Programs send what they like.
    assert verdict(path, sent[1], access=PAGED, method="POST") is None


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_foreign_page_that_hides_its_origin_is_refused_unless_the_person_followed_a_link(site: str) -> None:
    assert verdict("/v1/models", ("sec-fetch-site", site), ("sec-fetch-mode", "no-cors")) is ForeignOrigin
    hidden = (("sec-fetch-site", site), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "empty"))
    assert verdict("/LMArenaApiBridge.user.js", *hidden) is ForeignOrigin
    assert verdict("/", ("sec-fetch-site", site), ("sec-fetch-mode", "navigate")) is None


def test_node_and_curl_are_no_pages() -> None:
    assert verdict("/v1/chat/completions", ("sec-fetch-mode", "cors"), ("accept-language", "*")) is None
    assert verdict("/v1/chat/completions", ("user-agent", "curl/8")) is None


@pytest.mark.parametrize("destination", ["script", "style", "iframe", "image", "embed", "worker"])
def test_no_page_may_include_the_userscript(destination: str) -> None:
    path = "/LMArenaApiBridge.user.js"
    assert verdict(path, ("sec-fetch-dest", destination), ("sec-fetch-site", "same-origin")) is ForeignOrigin


@pytest.mark.parametrize("destination", ["document", "empty"])
def test_a_person_or_a_manager_may_fetch_the_userscript(destination: str) -> None:
    assert verdict("/LMArenaApiBridge.user.js", ("sec-fetch-dest", destination)) is None
    assert verdict("/LMArenaApiBridge.user.js") is None


# -- credentials -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pair",
    [
        ("authorization", "Bearer first"),
        ("authorization", "bearer   first "),
        ("authorization", "BEARER zweiter-schlüssel"),
        ("x-api-key", "first"),
    ],
)
def test_a_right_key_opens_the_api_however_it_is_sent(pair: tuple[str, str]) -> None:
    assert verdict("/v1/models", pair, access=LOCKED) is None


def test_the_pass_of_our_own_page_is_worth_something_on_this_computer_only() -> None:
    access = replace(LOCKED, passes=("a-pass",), pages_for_other_computers=True)
    page = (("origin", "http://127.0.0.1:5102"), ("authorization", "Bearer a-pass"))
    assert verdict("/v1/models", *page, access=access) is None
    assert verdict("/v1/models", *page, access=access, address=LAN) is Unauthorized
    assert verdict("/v1/models", page[1], access=access) is Unauthorized


def test_an_empty_bearer_leaves_room_for_the_other_header() -> None:
    pairs = (("authorization", "Bearer"), ("x-api-key", "first"))
    assert verdict("/v1/models", *pairs, access=LOCKED) is None


@pytest.mark.parametrize(
    "pairs",
    [
        (),
        (("authorization", "Bearer wrong"),),
        (("authorization", "Bearer "),),
        (("authorization", "Basic first"),),
        (("authorization", "first"),),
        (("x-api-key", "firs"),),
        (("authorization", "Bearer the token"),),
    ],
)
def test_anything_else_does_not(pairs: tuple[tuple[str, str], ...]) -> None:
    assert verdict("/v1/chat/completions", *pairs, access=LOCKED) is Unauthorized


def test_the_key_is_for_the_api_alone() -> None:
    assert verdict("/healthz", access=LOCKED) is None
    assert verdict("/", access=LOCKED) is None


def test_the_inside_opens_to_the_token_and_to_our_own_pages() -> None:
    assert verdict("/internal/x") is Unauthorized
    assert verdict("/internal/x", ("authorization", "Bearer first"), access=LOCKED) is Unauthorized
    assert verdict("/internal/x", ("authorization", "Bearer the token")) is None
    assert verdict("/internal/x", ("origin", "http://127.0.0.1:5102")) is None
    assert verdict("/internal/x", ("sec-fetch-site", "same-origin")) is None
    assert verdict("/internal/x", ("sec-fetch-site", "none")) is Unauthorized


def test_an_empty_token_opens_nothing() -> None:
    assert verdict("/internal/x", ("authorization", "Bearer "), access=Access((), "")) is Unauthorized


def test_a_refusal_never_shows_a_key() -> None:
    refusal = ask("/v1/models", ("authorization", "Bearer guess"), access=LOCKED)
    assert isinstance(refusal, BridgeError)
    assert "first" not in refusal.message
    assert "guess" not in refusal.message


# -- links to files -------------------------------------------------------------------------------------


def test_links_to_files_work_under_any_name_and_from_any_page() -> None:
    page = (("origin", "https://lmarena.ai"), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"))
    for path in ("/uploads/x.png", "/uploads/"):
        assert verdict(path, *page, access=LOCKED, host="files.example.org") is None


@pytest.mark.parametrize(
    "path", ["/upload", "/uploads", "/uploadsx", "//uploads/x", "/UPLOADS/x", "/v1/uploads/x"]
)
def test_and_nothing_beside_them_does(path: str) -> None:
    assert verdict(path, host="files.example.org") is ForeignHost
    assert verdict(path, ("origin", "https://lmarena.ai")) is ForeignOrigin


# -- other computers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/static/start.css", "/internal/x", "/LMArenaApiBridge.user.js", "/metrics"]
)
def test_pages_and_the_userscript_stay_on_this_computer(path: str) -> None:
    own = ("origin", "http://127.0.0.1:5102")
    assert verdict(path, own, access=LOCKED, address=LAN) is Forbidden
    told = Access(LOCKED.api_keys, "the token", pages_for_other_computers=True)
    assert verdict(path, own, access=told, address=LAN) is None


@pytest.mark.parametrize(
    "path", ["/v1/models", "/upload", "/healthz", "/readyz", "/openapi.json", "/uploads/x"]
)
def test_what_has_a_key_of_its_own_or_no_secret_is_for_other_computers_too(path: str) -> None:
    assert verdict(path, ("x-api-key", "first"), access=LOCKED, address=LAN) is None


def test_the_refusal_names_the_setting_for_other_computers() -> None:
    refusal = ask("/", access=LOCKED, address=LAN)
    assert isinstance(refusal, BridgeError)
    assert "pages_for_other_computers" in refusal.message


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", ""])
def test_programs_of_this_computer_are_known_by_their_address(address: str) -> None:
    assert is_this_computer(address)


@pytest.mark.parametrize("address", [LAN, "::ffff:192.168.1.7", "fe80::1", "8.8.8.8", "somewhere"])
def test_and_others_are_not(address: str) -> None:
    assert not is_this_computer(address)


# -- the key's name, and what is said of a body -----------------------------------------------------------


def test_whoever_is_admitted_has_the_name_of_the_key() -> None:
    said = ask("/v1/models", ("x-api-key", "zweiter-schlüssel"), access=LOCKED)
    assert said == Admitted(ApiKey("zweiter-schlüssel", "desk"))
    assert ask("/v1/models") == Admitted(None)


def test_a_body_that_is_announced_too_large_or_packed_is_not_read() -> None:
    assert verdict("/v1/chat/completions", ("content-length", "1001"), access=PAGED) is TooLarge
    assert verdict("/v1/chat/completions", ("content-length", "1000"), access=PAGED) is None
    assert verdict("/v1/chat/completions", ("content-length", "x"), access=PAGED) is None
    assert verdict("/v1/chat/completions", ("content-encoding", "gzip")) is UnsupportedMedia
    assert verdict("/v1/chat/completions", ("content-encoding", "Identity")) is None


def test_nobody_without_a_key_learns_what_a_body_may_be() -> None:
    assert verdict("/v1/chat/completions", ("content-encoding", "gzip"), access=LOCKED) is Unauthorized


# -- sockets of tabs --------------------------------------------------------------------------------------


def upgrade(*pairs: tuple[str, str], host: str = "127.0.0.1:5102") -> type | None:
    refusal = judge_upgrade(Request("GET", "/ws", headers(*pairs, host=host)), PAGED)
    return None if refusal is None else type(refusal)


@pytest.mark.parametrize(
    "origin", ["https://lmarena.ai", "https://beta.lmarena.ai", "https://arena.ai", PAGE]
)
def test_pages_of_the_site_may_connect_and_those_the_person_named(origin: str) -> None:
    assert upgrade(("origin", origin)) is None


def test_no_other_page_may_and_nobody_without_one() -> None:
    assert upgrade(("origin", "https://evil.example")) is ForeignOrigin
    assert upgrade() is ForeignOrigin
    assert upgrade(("origin", "https://lmarena.ai"), ("origin", "https://lmarena.ai")) is ForeignOrigin
    assert upgrade(("origin", "https://lmarena.ai"), host="evil.example") is ForeignHost
