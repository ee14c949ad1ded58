"""Who is remembered by what they said, and who is not."""

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.server.caller import Caller, caller
from lmarena_bridge.server.familiar import Familiar
from lmarena_bridge.server.guard import Access
from lmarena_bridge.server.wire import Scope

ACCESS = Access((ApiKey("right", "desk"),), "token", max_body_bytes=1000)


def scope(*more: tuple[bytes, bytes], method: str = "POST", path: str = "/v1/chat/completions") -> Scope:
    headers = [(b"host", b"127.0.0.1:5102"), (b"x-api-key", b"right"), *more]
    address = {"client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 5102)}
    return {"type": "http", "method": method, "path": path, "headers": headers, **address}


def known(said: Scope = scope()) -> tuple[Familiar, Caller]:  # noqa: B008 - nobody changes it
    familiar, who = Familiar(), caller(said, ACCESS.api_keys[0])
    familiar.remember(said, ACCESS, who)
    return familiar, who


def test_who_says_the_same_again_is_known() -> None:
    familiar, who = known()
    assert familiar.find(scope(), ACCESS) is who


def test_the_size_of_the_body_and_the_port_of_the_client_may_differ() -> None:
    familiar, who = known(scope((b"content-length", b"7")))
    elsewhere = {**scope((b"content-length", b"1000")), "client": ("127.0.0.1", 50_001)}
    assert familiar.find(elsewhere, ACCESS) is who


def test_a_body_that_is_too_large_must_be_judged() -> None:
    familiar, _ = known()
    for length in (b"1001", b"x", b"", "²".encode("latin-1")):
        assert familiar.find(scope((b"content-length", length)), ACCESS) is None


def test_without_a_limit_there_is_none_that_is_too_large() -> None:
    unlimited, familiar = Access((), ""), Familiar()
    said = scope((b"content-length", b"999999999"))
    familiar.remember(said, unlimited, who := caller(said))
    assert familiar.find(said, unlimited) is who


def test_who_says_anything_else_is_a_stranger() -> None:
    familiar, _ = known()
    for other in (
        scope((b"origin", b"https://evil.example")),
        scope((b"host", b"evil.example")),
        scope(path="/v1/completions"),
        {**scope(), "client": ("192.168.1.7", 50_000)},
        {**scope(), "server": None},
        {**scope(), "headers": [(b"host", b"127.0.0.1:5102"), (b"x-api-key", b"wrong")]},
    ):
        assert familiar.find(other, ACCESS) is None


def test_only_questions_to_the_api_are_remembered() -> None:
    for said in (scope(method="GET"), scope(path="/internal/status"), scope(path="/upload")):
        familiar, _ = known(said)
        assert familiar.find(said, ACCESS) is None


def test_other_settings_know_nobody() -> None:
    familiar, who = known()
    stricter = Access((), "token", max_body_bytes=1000)
    assert familiar.find(scope(), stricter) is None
    familiar.remember(scope((b"accept", b"*/*")), stricter, who)
    assert familiar.find(scope(), stricter) is None
    assert familiar.find(scope(), ACCESS) is None


def test_headers_that_differ_each_time_are_not_kept_for_ever() -> None:
    familiar, who = known()
    for number in range(64):
        familiar.remember(scope((b"traceparent", b"%d" % number)), ACCESS, who)
    assert familiar.find(scope(), ACCESS) is None
    assert familiar.find(scope((b"traceparent", b"63")), ACCESS) is who
