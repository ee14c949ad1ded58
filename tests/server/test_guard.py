import pytest

from lmarena_bridge.core.errors import BridgeError, Forbidden, Unauthorized
from lmarena_bridge.server.guard import Access, judge, judge_host

OPEN = Access(api_keys=(), internal_token="the token")
LOCKED = Access(api_keys=("first", "zweiter-schlüssel"), internal_token="the token")


def headers(*pairs: tuple[str, str], host: str = "127.0.0.1:5102") -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("utf-8")) for name, value in (("host", host), *pairs)]


def verdict(
    path: str, *pairs: tuple[str, str], access: Access = OPEN, host: str = "127.0.0.1:5102"
) -> type | None:
    refusal = judge(path, headers(*pairs, host=host), access)
    return None if refusal is None else type(refusal)


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
        assert verdict(path, host=host) is Forbidden


def test_two_hosts_or_none_are_refused() -> None:
    assert isinstance(judge_host(headers(("host", "localhost")), OPEN), Forbidden)
    assert isinstance(judge_host([], OPEN), Forbidden)


def test_a_name_that_the_person_allowed_is_ours() -> None:
    access = Access((), "t", allowed_hosts=("My-PC.local",))
    assert verdict("/v1/models", host="my-pc.local:5102", access=access) is None


def test_the_refusal_names_the_setting() -> None:
    refusal = judge("/", headers(host="evil.example"), OPEN)
    assert refusal is not None
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
    assert verdict("/v1/chat/completions", ("origin", origin)) is Forbidden


def test_our_own_page_and_an_allowed_one_may_speak() -> None:
    access = Access((), "t", allowed_origins=("http://localhost:3000",))
    assert verdict("/v1/models", ("origin", "http://127.0.0.1:5102")) is None
    assert verdict("/v1/models", ("origin", "http://localhost:3000"), access=access) is None
    two = (("origin", "http://localhost:3000"), ("origin", "https://evil.example"))
    assert verdict("/v1/models", *two, access=access) is Forbidden


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_foreign_page_that_hides_its_origin_is_refused_unless_the_person_followed_a_link(site: str) -> None:
    assert verdict("/v1/models", ("sec-fetch-site", site), ("sec-fetch-mode", "no-cors")) is Forbidden
    assert verdict("/", ("sec-fetch-site", site), ("sec-fetch-mode", "navigate")) is None


def test_node_and_curl_are_no_pages() -> None:
    assert verdict("/v1/chat/completions", ("sec-fetch-mode", "cors"), ("accept-language", "*")) is None
    assert verdict("/v1/chat/completions", ("user-agent", "curl/8")) is None


@pytest.mark.parametrize("destination", ["script", "style", "iframe", "image", "embed", "worker"])
def test_no_page_may_include_the_userscript(destination: str) -> None:
    path = "/LMArenaApiBridge.user.js"
    assert verdict(path, ("sec-fetch-dest", destination), ("sec-fetch-site", "same-origin")) is Forbidden


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
    refusal: BridgeError | None = judge("/v1/models", headers(("authorization", "Bearer guess")), LOCKED)
    assert refusal is not None
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
    assert verdict(path, host="files.example.org") is Forbidden
    assert verdict(path, ("origin", "https://lmarena.ai")) is Forbidden
