import base64
import json

from lmarena_bridge.demo.login import Logins


def cookie_of(header: str) -> str:
    return header.partition(";")[0]


def test_a_cookie_that_was_set_is_known_again() -> None:
    logins = Logins()
    cookie = cookie_of(logins.set_cookie("user-1"))
    assert logins.user_of(cookie) == "user-1"
    assert logins.user_of(f"other=1; {cookie}; more=2") == "user-1"


def test_no_cookie_and_somebody_elses_cookie_are_nobody() -> None:
    logins = Logins()
    assert logins.user_of("") is None
    assert logins.user_of(cookie_of(Logins().set_cookie("user-1"))) is None
    assert logins.user_of(cookie_of(logins.set_cookie("user-1")) + "x") is None


def test_the_cookie_has_the_form_of_the_site() -> None:
    header = Logins().set_cookie("user-1")
    assert header.endswith("; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax")
    name, _, value = cookie_of(header).partition("=")
    assert name == "arena-auth-prod-v1"
    encoded = value.removeprefix("base64-")
    session = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    assert session["user"] == {"id": "user-1", "is_anonymous": True}
