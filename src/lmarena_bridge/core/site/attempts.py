"""Which session a request tries, and which one after the site has refused that."""

from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import BridgeError, RateLimited, SessionExpired
from lmarena_bridge.core.site.pool import Situation
from lmarena_bridge.core.site.target import Target, choose_target


class Attempts:
    """The targets of one request, one after another.

    A session that cannot be used any more is followed by the next one of its pool. A rate limit is followed
    by one only, of the same login: who limits a person is not to be asked again and again, and not to be
    told that it is somebody else.
    """

    def __init__(self, model: str, config: Config) -> None:
        self._model = model
        self._config = config
        self._limited = False

    def first(self, situation: Situation) -> Target:
        """Raises UnknownModel, NoSessionForModel, SessionExpired, RateLimited."""
        return choose_target(self._model, self._config, situation)

    def after(self, refused: Target, error: SessionExpired | RateLimited, situation: Situation) -> Target:
        """The target to try instead, or `error` again if there is none. Other requests learn of it."""
        situation.health.refused(refused, error, situation.now)
        limited, self._limited = self._limited, self._limited or isinstance(error, RateLimited)
        try:
            other = choose_target(self._model, self._config, situation)
        except BridgeError:
            raise error from None
        if isinstance(error, RateLimited) and (limited or other.profile != refused.profile):
            raise error
        return other
