"""Bodies of requests: JSON into typed values, and what is wrong with them in plain words.

Every dialect decodes its bodies here, in one pass; unknown fields are passed over without being built.
"""

import re
from collections.abc import Mapping
from typing import Final, NoReturn, TypeVar

import msgspec

from lmarena_bridge.core.api.depth import MOST_LEVELS, is_too_deep
from lmarena_bridge.core.errors import InvalidRequest

Body = TypeVar("Body")
# What a body is read into, and what a test writes.
Buffer = bytes | bytearray

# What msgspec says about a value of the wrong type; everything else it says is passed on as it is.
_WRONG_TYPE = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_MISSING_FIELD = re.compile(r"Object missing required field `([^`]*)`")
_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")

_WORDS: Final[Mapping[str, str]] = {
    "str": "a string",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
}

# A pair of \u escapes that make one character, or half of such a pair standing alone, or any other escape.
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\.",
    re.DOTALL,
)


def decode_body(decoder: msgspec.json.Decoder[Body], body: Buffer) -> Body:
    """The body as the decoder's type. Raises InvalidRequest, `param` being the path of the wrong value."""
    decoded = decode_flat_body(decoder, body)
    refuse_deep(body)
    return decoded


def decode_flat_body(decoder: msgspec.json.Decoder[Body], body: Buffer) -> Body:
    """As `decode_body`, for those who `refuse_deep` themselves where the body holds values of any form.

    Looking for deep ones takes longer than reading a conversation.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        _refuse(str(error))
    except msgspec.DecodeError as error:
        if (mended := _mended(body)) != body:
            return decode_flat_body(decoder, mended)
        if not body.strip():
            raise InvalidRequest("The body is empty: send one JSON object.") from None
        reason = str(error).removeprefix("JSON is malformed: ")
        raise InvalidRequest(f"The body is not valid JSON: {reason}. Send one JSON object.") from None
    except UnicodeDecodeError:
        raise InvalidRequest("The body is not valid UTF-8: send JSON in UTF-8.") from None
    except RecursionError:
        raise _too_deep() from None


def refuse_deep(body: Buffer) -> None:
    """Raises InvalidRequest if somebody who has to write the values again could not."""
    if is_too_deep(body):
        raise _too_deep()


def _mended(body: Buffer) -> bytearray:
    """The body with a replacement for every half of a surrogate pair, if that was what is wrong.

    JSON can hold such halves (a client cut a text inside an emoji); UTF-8, and so the site, cannot.
    """
    # In place: escape and replacement are of one length, and a list of all pieces would cost many times
    # the body.
    mended = bytearray(body)
    for found in _ESCAPE.finditer(body):
        if found["half"]:
            mended[found.start() : found.end()] = b"\\ufffd"
    return mended


def _too_deep() -> InvalidRequest:
    return InvalidRequest(
        f"The body is nested too deeply: send at most {MOST_LEVELS} levels of lists and objects."
    )


def _refuse(fault: str) -> NoReturn:
    place = _PLACE.search(fault)
    path = place[1] if place else ""
    if missing := _MISSING_FIELD.match(fault):
        path = f"{path}.{missing[1]}" if path else missing[1]
        raise InvalidRequest(f"`{path}` is missing: every request needs it.", param=path)
    subject = f"`{path}`" if path else "The body"
    if wrong := _WRONG_TYPE.match(fault):
        sentence = f"{subject} must be {_wanted(wrong[1])}, not {_WORDS.get(wrong[2], wrong[2])}."
    else:
        sentence = f"{subject} cannot be used: {_PLACE.sub('', fault)}."
    raise InvalidRequest(sentence, param=path or None)


def _wanted(types: str) -> str:
    words = dict.fromkeys(_WORDS.get(name, name) for name in types.split(" | "))
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
