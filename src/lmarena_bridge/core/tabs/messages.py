"""The words of the tab protocol, both directions (docs/tab-protocol.md).

Says what came, never what it means: the rules are in `ledger`. Control messages are JSON text, bytes are
binary frames. Everything a tab says is untrusted: sizes are bounded here, before anything else looks at it.
"""

import struct
from typing import Annotated, ClassVar, Final, Literal, final, get_args

import msgspec

SUBPROTOCOL: Final = "lmarena-bridge.v1"

# A tab slices its data; anything longer did not come from our script.
MAX_DATA_BYTES: Final = 256 * 1024
# One `hello` with a few hundred streams fits many times over.
MAX_TEXT_BYTES: Final = 256 * 1024

# Why the server closes a link (docs/tab-protocol.md, Close codes).
CLOSE_STOPPING: Final = 1001
CLOSE_MALFORMED: Final = 4400
CLOSE_SECRET: Final = 4401
CLOSE_SILENT: Final = 4408
CLOSE_REPLACED: Final = 4409
CLOSE_OUTDATED: Final = 4426

# Instead of the number of a stream: what is about none.
NO_STREAM: Final = -1

# Of a data frame: stream and offset.
DATA_HEAD: Final = struct.Struct(">IQ")
# What comes first of it: the number of the stream.
NUMBER_BYTES: Final = 4
_BODY_HEAD: Final = struct.Struct(">I")

StreamId = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
Offset = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Sentence = Annotated[str, msgspec.Meta(max_length=2_000)]
Visibility = Literal["visible", "hidden", "frozen"]
FailureReason = Literal["network", "refused", "redirected", "cancelled"]


class MalformedMessage(Exception):
    """A frame that is not of this protocol; the text says why and is fit for a close reason."""


class OfNoStream(msgspec.Struct, frozen=True, gc=False):
    """What a tab says of itself."""

    stream: ClassVar[int] = NO_STREAM


class HeldStream(msgspec.Struct, frozen=True, gc=False):
    """What a tab still has of a stream: bytes `held_from` up to `sent_to`."""

    stream: StreamId
    job: Name
    held_from: Offset
    sent_to: Offset


class Hello(OfNoStream, frozen=True, gc=False, tag="hello"):
    version: Name
    secret: Name
    tab: Name
    profile: Name
    origin: Name
    browser: Annotated[str, msgspec.Meta(max_length=200)] = ""
    path: Sentence = "/"
    visibility: Visibility = "visible"
    streams: Annotated[tuple[HeldStream, ...], msgspec.Meta(max_length=1_000)] = ()


@final
class Head(msgspec.Struct, frozen=True, gc=False, tag="head"):
    stream: StreamId
    status: Annotated[int, msgspec.Meta(ge=0, le=999)]
    headers: Annotated[dict[Name, Sentence], msgspec.Meta(max_length=50)] = {}


@final
class End(msgspec.Struct, frozen=True, gc=False, tag="end"):
    stream: StreamId
    length: Offset


class Failed(msgspec.Struct, frozen=True, gc=False, tag="failed"):
    stream: StreamId
    reason: FailureReason
    message: Sentence = ""


class Pong(OfNoStream, frozen=True, gc=False, tag="pong"):
    at: float


class State(OfNoStream, frozen=True, gc=False, tag="state"):
    visibility: Visibility


class Captured(OfNoStream, frozen=True, gc=False, tag="captured"):
    path: Sentence


class Attended(OfNoStream, frozen=True, gc=False, tag="attended"):
    pass


class Bye(OfNoStream, frozen=True, gc=False, tag="bye"):
    pass


class Data(msgspec.Struct, frozen=True, gc=False):
    """A binary frame of a tab."""

    stream: int
    offset: int
    payload: bytes


class Unknown(OfNoStream, frozen=True, gc=False):
    """A well-formed message of a type this version does not know: to be ignored."""

    type: Annotated[str, msgspec.Meta(max_length=200)]


FromTab = Hello | Head | End | Failed | Pong | State | Captured | Attended | Bye


class Resumed(msgspec.Struct, frozen=True, gc=False):
    """A stream that goes on after a reconnect, from byte `expected`, up to `limit`."""

    stream: StreamId
    expected: Offset
    limit: Offset


class Welcome(msgspec.Struct, frozen=True, gc=False, tag="welcome"):
    version: str
    streams: tuple[Resumed, ...] = ()
    capture: str | None = None


class Fetch(msgspec.Struct, frozen=True, gc=False, tag="fetch"):
    stream: StreamId
    job: Name
    method: str
    path: str
    headers: dict[str, str]
    report: tuple[str, ...]
    body: bool
    window: Offset


class Page(msgspec.Struct, frozen=True, gc=False, tag="page"):
    stream: StreamId
    job: Name
    window: Offset


class Credit(msgspec.Struct, frozen=True, gc=False, tag="credit"):
    stream: StreamId
    limit: Offset


class Cancel(msgspec.Struct, frozen=True, gc=False, tag="cancel"):
    stream: StreamId


class Release(msgspec.Struct, frozen=True, gc=False, tag="release"):
    stream: StreamId


class Ping(msgspec.Struct, frozen=True, gc=False, tag="ping"):
    at: float


class Attention(msgspec.Struct, frozen=True, gc=False, tag="attention"):
    message: str | None


class Capture(msgspec.Struct, frozen=True, gc=False, tag="capture"):
    pattern: str | None


ToTab = Welcome | Fetch | Page | Credit | Cancel | Release | Ping | Attention | Capture

_FROM_TAB: Final[msgspec.json.Decoder[FromTab]] = msgspec.json.Decoder(FromTab)
_TO_TAB: Final[msgspec.json.Decoder[ToTab]] = msgspec.json.Decoder(ToTab)
_ANY: Final = msgspec.json.Decoder(Unknown)
_ENCODER: Final = msgspec.json.Encoder()


def _tags(kinds: object) -> frozenset[str]:
    return frozenset(kind.__struct_config__.tag for kind in get_args(kinds))


_KNOWN_FROM_TAB: Final = _tags(FromTab)
_KNOWN_TO_TAB: Final = _tags(ToTab)


def decode_from_tab(text: str | bytes) -> FromTab | Unknown:
    """Read a control message of a tab.

    Raises MalformedMessage if it is no JSON, has no type, or a known type with wrong fields.
    """
    if len(text) > MAX_TEXT_BYTES:
        raise MalformedMessage(f"text message of {len(text)} characters, at most {MAX_TEXT_BYTES}")
    try:
        return _FROM_TAB.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return _unknown(text, known=_KNOWN_FROM_TAB, reason=str(error))


def decode_to_tab(text: str | bytes) -> ToTab | Unknown:
    """Read a control message of the server, as a tab written in Python does.

    Raises MalformedMessage.
    """
    try:
        return _TO_TAB.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return _unknown(text, known=_KNOWN_TO_TAB, reason=str(error))


def encode(message: FromTab | ToTab) -> str:
    """Write a control message."""
    return _ENCODER.encode(message).decode()


def decode_data(frame: bytes) -> Data:
    """Read a binary frame of a tab. Raises MalformedMessage."""
    size = len(frame) - DATA_HEAD.size
    if size < 1 or size > MAX_DATA_BYTES:
        raise MalformedMessage(f"data frame with {size} bytes, allowed are 1 to {MAX_DATA_BYTES}")
    stream, offset = DATA_HEAD.unpack_from(frame)
    return Data(stream, offset, frame[DATA_HEAD.size :])


def encode_data(stream: int, offset: int, payload: bytes) -> bytes:
    """Write a binary frame of a tab."""
    return DATA_HEAD.pack(stream, offset) + payload


def decode_body(frame: bytes) -> tuple[int, bytes]:
    """Read the server's body frame: (stream, body). Raises MalformedMessage."""
    if len(frame) < _BODY_HEAD.size:
        raise MalformedMessage("body frame without a stream number")
    return _BODY_HEAD.unpack_from(frame)[0], frame[_BODY_HEAD.size :]


def encode_body(stream: int, body: bytes) -> bytes:
    """Write the server's body frame."""
    return _BODY_HEAD.pack(stream) + body


def _unknown(text: str | bytes, *, known: frozenset[str], reason: str) -> Unknown:
    try:
        message = _ANY.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedMessage(str(error)) from error
    if message.type in known:
        raise MalformedMessage(f"{message.type}: {reason}")
    return message
