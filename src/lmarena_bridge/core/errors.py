"""Everything that may go wrong for a known reason, named by who must mend it.

    BridgeError
    ├─ ClientError            the calling program: change the request
    │   ├─ InvalidRequest 400 · Unauthorized 401 · UnknownModel 404 · UnknownFile 404 · UnsupportedMedia 415
    │   ├─ Forbidden 403: ForeignHost, ForeignOrigin · IdempotencyKeyReused 422 · IdempotencyConflict 409
    │   └─ NoSessionForModel 400 · TooLarge 413 · TooSlow 408 · KeyLimited 429
    ├─ TabError               the person: look at the browser
    │   └─ NoTab 503 · TabLost 502 · TabSilent 504 · Busy 429 · Stopping 503
    ├─ SiteError              LMArena: wait, capture anew, or do what it asks for in the tab
    │   ├─ SiteRefused (the site's own status) · SessionExpired 502 · LoginRequired 502 · RateLimited 429
    │   ├─ HumanCheckRequired 503 · MalformedStream 502 · EmptyAnswer 502 · WrongSide 502
    │   └─ AnswerNotInFormat 502 · ToolNotCalled 502
    ├─ PictureNotFetched 502 (the picture's link is in the message) · FileBedError 502   the network
    ├─ NotStored 507 · NoTokenizer 503   this computer: its disk, its memory, its open files
    └─ ConfigError 500        a file of the person's configuration; PlaceTaken: another program is in the way

Anything else is a bug. Clients rely on `status` and `code`; each message says what happened and what to do.
"""

from lmarena_bridge.core.sentences import Sentence


class BridgeError(Exception):
    """A failure with a known reason. `retry_after` is in seconds; `retryable`: the same request may succeed
    when it is sent again without anybody mending anything. `said`: the message, for other languages."""

    status: int = 500
    code: str = "internal_error"
    retryable: bool = False

    def __init__(
        self, message: str | Sentence, *, param: str | None = None, retry_after: float | None = None
    ) -> None:
        self.message, self.said = str(message), message if isinstance(message, Sentence) else None
        super().__init__(self.message)
        self.param, self.retry_after = param, retry_after


class ClientError(BridgeError):
    """The calling program must change its request."""

    status = 400
    code = "invalid_request"


class InvalidRequest(ClientError):
    """The request is not what the API documents; `param` names the field."""


class Unauthorized(ClientError):
    """The key is missing or wrong."""

    status = 401
    code = "invalid_api_key"


class Forbidden(ClientError):
    """A guard refused the caller."""

    status = 403
    code = "forbidden"


class ForeignHost(Forbidden):
    """The request names a host that is none of this server's names."""

    code = "bad_host"


class ForeignOrigin(Forbidden):
    """The request comes from a web page that may not use this server."""

    code = "bad_origin"


class UnsupportedMedia(ClientError):
    """The body is of a type, or packed in a way, that is not taken."""

    status = 415
    code = "unsupported_media_type"


class UnknownModel(ClientError):
    """The model is in none of the files."""

    status = 404
    code = "model_not_found"


class UnknownFile(ClientError):
    """No uploaded file has this id, or it is past its time."""

    status = 404
    code = "file_not_found"


class NoSessionForModel(ClientError):
    """The model is known, but no usable session id is configured for it."""

    code = "no_session_for_model"


class TooLarge(ClientError):
    """The body is bigger than this server or the site takes."""

    status = 413
    code = "request_too_large"


class TooSlow(ClientError):
    """The request did not come in time."""

    status = 408
    code = "request_too_slow"
    retryable = True


class KeyLimited(ClientError):
    """Wait: this API key had its requests of the minute, or too many wrong keys came from this address."""

    status = 429
    code = "key_rate_limited"
    retryable = True


class IdempotencyKeyReused(ClientError):
    """The Idempotency-Key came before, with another request."""

    status = 422
    code = "idempotency_key_reused"


class IdempotencyConflict(ClientError):
    """The request with this Idempotency-Key is being answered, and cannot be joined."""

    status = 409
    code = "idempotency_conflict"


class TabError(BridgeError):  # noqa: A001 - the builtin of this name is about indentation
    """The person must look at the browser."""

    status = 503
    code = "tab_error"


class NoTab(TabError):
    """No tab is connected, or none that may be given work."""

    code = "no_tab"
    retryable = True


class TabLost(TabError):
    """The tab went away, and with it the answer it was fetching."""

    status = 502
    code = "tab_lost"
    retryable = True


class TabSilent(TabError):
    """The tab or the site sent nothing for too long."""

    status = 504
    code = "tab_silent"
    retryable = True


class Busy(TabError):
    """Every tab has as much work as it may have, and the queue is full or took too long."""

    status = 429
    code = "busy"
    retryable = True


class Stopping(TabError):
    """The server is shutting down."""

    code = "stopping"
    retryable = True


class SiteError(BridgeError):
    """LMArena refused, or answered something that is no answer."""

    status = 502
    code = "site_error"


class SiteRefused(SiteError):
    """The site answered with an error; `status` is the site's own where that is an error status."""

    code = "site_refused"

    def __init__(
        self, message: str, *, status: int = 502, code: str = "site_refused", retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retryable = retryable


class SessionExpired(SiteError):
    """The captured session cannot be used any more: another login, or the message was voted on."""

    code = "session_expired"


class LoginRequired(SiteError):
    """The site does not know who asks: the tab's login has ended. Says nothing about the session."""

    code = "login_required"


class RateLimited(SiteError):
    """The site's rate limit; `retry_after` is what the site asks for, at least a sane minimum."""

    status = 429
    code = "rate_limited"
    retryable = True


class HumanCheckRequired(SiteError):
    """The site wants to see a person. Only the person in the tab can do that."""

    status = 503
    code = "human_verification_required"


class MalformedStream(SiteError):
    """What came is not the site's stream format, or it was cut off."""

    code = "malformed_stream"


class EmptyAnswer(SiteError):
    """A success without a single word or picture."""

    code = "empty_answer"


class WrongSide(SiteError):
    """In a battle the other side answered: the session was captured on that one."""

    code = "wrong_battle_side"


class AnswerNotInFormat(SiteError):
    """The client wanted JSON of a certain shape, and the model wrote something else, twice."""

    code = "answer_not_in_format"


class ToolNotCalled(SiteError):
    """The client insists on a call of a tool, and the model made none that could be carried out."""

    code = "tool_not_called"


class PictureNotFetched(BridgeError):
    """A picture was drawn, but could not be downloaded."""

    status = 502
    code = "picture_not_fetched"


class FileBedError(BridgeError):
    """An attachment could not be stored in the file bed."""

    status = 502
    code = "file_bed"


class NotStored(BridgeError):
    """A file could not be kept here: no space, or no permission."""

    status = 507
    code = "not_stored"


class NoTokenizer(BridgeError):
    """Tokens must be counted while an answer comes, and the vocabulary for it cannot be loaded."""

    status = 503
    code = "no_tokenizer"
    retryable = True


class ConfigError(BridgeError):
    """A configuration file cannot be used; the message names file, line, column and what was expected."""

    code = "config_error"


class PlaceTaken(ConfigError):
    """The server cannot start: its port is in use, or another one serves this home."""
