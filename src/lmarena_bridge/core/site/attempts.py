"""Which session a request tries, and which one after that has failed before the first word of the answer."""

from collections.abc import Sequence

import msgspec

from lmarena_bridge.core.errors import (
    BridgeError,
    EmptyAnswer,
    RateLimited,
    SessionExpired,
    SiteRefused,
    TabLost,
)
from lmarena_bridge.core.site.pool import Situation, choose_session
from lmarena_bridge.core.site.target import Target


class Attempts(msgspec.Struct, gc=False):
    """The targets of one request, one after another.

    A session that cannot be used any more is followed by the next one of its pool: the site has done
    nothing for it. Everything else that may be mended by asking again has one second chance in all: two
    tabs lost over one request are enough, and so are two failures of a site in trouble. A rate limit uses
    it in another session of the same login: who limits a person is not to be asked again and again, and
    not to be told that it is somebody else. Human checks wait for the person, and refusals of what was
    asked for its author.
    """

    # Of one model, at least one.
    targets: Sequence[Target]
    # Whose tabs may do it, where the session leaves that open; None: anybody's.
    login: str | None = None
    # Whether the second chance was taken.
    spent: bool = False

    def first(self, situation: Situation) -> Target:
        """Raises SessionExpired, RateLimited."""
        return choose_session(self.targets[0].model, self.targets, situation)

    def after(
        self, failed: Target, error: BridgeError, situation: Situation, reached: str | None = None
    ) -> Target:
        """The target to try instead, or `error` again if there is none. Other requests learn of it.

        `reached`: the browser profile through which the site was asked, where that is known.
        """
        if isinstance(error, SessionExpired | RateLimited):
            situation.health.refused(failed, error, situation.now())
        elif is_trouble(error):
            situation.health.troubled(failed, situation.now())
        if not isinstance(error, SessionExpired):
            if self.spent or not may_pass(error):
                raise error
            self.spent = True
        try:
            other = self.first(situation)
        except BridgeError:
            raise error from None
        if not isinstance(error, RateLimited):
            return other
        if other.profile != failed.profile:
            raise error
        self.login = reached
        return other


def may_pass(error: BridgeError) -> bool:
    """Whether the same request, asked once more, may be answered though nobody has mended anything."""
    return isinstance(error, RateLimited | TabLost) or is_trouble(error)


def is_trouble(error: BridgeError) -> bool:
    """A failure of the site, or on the way to it, that is not the request's: it may be the session's."""
    return isinstance(error, EmptyAnswer) or (isinstance(error, SiteRefused) and error.retryable)
