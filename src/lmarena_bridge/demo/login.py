"""The login cookie of the arena's pages: its name and form as on the site (2025-11), its value worth nothing.

The arena wants it back with every stream request, which proves that a tab's fetch sends its cookies along.
"""

import base64
import json
import secrets

COOKIE_NAME = "arena-auth-prod-v1"
_LIFETIME_SECONDS = 3600


class Logins:
    """The users this arena has let in; a cookie of another arena, or of an earlier run, is nobody's."""

    def __init__(self) -> None:
        self._secret = secrets.token_urlsafe(16)
        self._users: dict[str, str] = {}

    def set_cookie(self, user_id: str) -> str:
        """The value of a `Set-Cookie` header that logs `user_id` in."""
        value = self._value(user_id)
        self._users[value] = user_id
        flags = f"Path=/; Max-Age={_LIFETIME_SECONDS}; HttpOnly; Secure; SameSite=Lax"
        return f"{COOKIE_NAME}={value}; {flags}"

    def user_of(self, cookie_header: str) -> str | None:
        """The user whose cookie a request carries; None when it carries none that is known."""
        pairs = (pair.strip().partition("=") for pair in cookie_header.split(";"))
        return next((self._users.get(value) for name, _, value in pairs if name == COOKIE_NAME), None)

    def _value(self, user_id: str) -> str:
        session = {
            "access_token": f"{self._secret}.{user_id}",
            "expires_in": _LIFETIME_SECONDS,
            "user": {"id": user_id, "is_anonymous": True},
        }
        return "base64-" + base64.urlsafe_b64encode(json.dumps(session).encode("utf-8")).decode(
            "ascii"
        ).rstrip("=")
