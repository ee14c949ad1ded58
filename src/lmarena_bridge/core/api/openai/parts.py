"""The elements of a list content: texts, and files in all the ways in which clients send them.

`image_url`, `input_audio` and `file` are OpenAI's (openai 3.54, clients.md 2); `video_url` and `audio_url`
are how other servers of this API take what OpenAI has no part for.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn, TypeVar

import msgspec

from lmarena_bridge.core.api.uploads import Files, uploaded
from lmarena_bridge.core.chat.attachments import attachment, encoded_attachment
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

_T = TypeVar("_T")

_AUDIO_FORMAT: Final = re.compile(r"[a-z0-9][a-z0-9_.+-]*")
# What is at a web address that does not tell.
_ASSUMED: Final[Mapping[str, str]] = {
    "image_url": "image/png",
    "video_url": "video/mp4",
    "audio_url": "audio/mpeg",
}


class Address(msgspec.Struct, frozen=True):
    url: str


class InputAudio(msgspec.Struct, frozen=True):
    data: str
    format: str | None = None


class InputFile(msgspec.Struct, frozen=True):
    """`file_data` is a data: URI or bare base64; `file_id` names an upload."""

    file_data: str | None = None
    file_id: str | None = None
    filename: str | None = None


class Part(msgspec.Struct, frozen=True):
    """One element of a list content; which field counts depends on `type`."""

    type: str
    text: str | None = None
    refusal: str | None = None
    # Some clients leave the object out and give the address itself.
    image_url: Address | str | None = None
    video_url: Address | str | None = None
    audio_url: Address | str | None = None
    input_audio: InputAudio | None = None
    file: InputFile | None = None


def read_parts(parts: Sequence[Part], place: str, files: Files) -> tuple[str, tuple[Attachment, ...]]:
    """Text and attachments of a list content; `place` is its path in the request. Raises InvalidRequest."""
    texts: list[str] = []
    attachments: list[Attachment] = []
    for index, part in enumerate(parts):
        where = f"{place}[{index}]"
        match part.type:
            case "text":
                texts.append(_present(part.text, f"{where}.text"))
            case "refusal":
                texts.append(_present(part.refusal, f"{where}.refusal"))
            case _:
                attachments.append(_read_file(part, where, len(attachments) + 1, files))
    return "\n\n".join(filter(None, texts)), tuple(attachments)


def uploads_named(parts: Sequence[Part]) -> list[str]:
    """The ids of uploaded files that these parts want."""
    return [part.file.file_id for part in parts if part.file is not None and part.file.file_id]


def _read_file(part: Part, place: str, number: int, files: Files) -> Attachment:
    match part.type:
        case "image_url" | "video_url" | "audio_url" as kind:
            return _read_address(getattr(part, kind), f"{place}.{kind}", number, _ASSUMED[kind])
        case "input_audio":
            return _read_audio(part.input_audio, f"{place}.input_audio", number)
        case "file":
            return _read_upload(part.file, f"{place}.file", number, files)
        case _:
            _refuse(
                f"{place}.type",
                f"is {part.type[:40]!r}: this bridge takes parts of type text, image_url, input_audio, file, "
                "video_url and audio_url.",
            )


def _read_address(said: Address | str | None, place: str, number: int, assumed: str) -> Attachment:
    if isinstance(said, Address):
        return attachment(said.url, number=number, param=f"{place}.url", assumed=assumed)
    return attachment(_present(said, place), number=number, param=place, assumed=assumed)


def _read_audio(said: InputAudio | None, place: str, number: int) -> Attachment:
    audio = _present(said, place)
    spelled = (audio.format or "").strip().lower()
    content_type = f"audio/{spelled}" if _AUDIO_FORMAT.fullmatch(spelled) else ""
    return encoded_attachment(audio.data, content_type, number=number, param=f"{place}.data")


def _read_upload(said: InputFile | None, place: str, number: int, files: Files) -> Attachment:
    file = _present(said, place)
    if file.file_data is not None:
        return encoded_attachment(
            file.file_data, "", number=number, param=f"{place}.file_data", name=file.filename
        )
    if not file.file_id:
        _refuse(place, "holds neither file_data nor file_id: send one of them.")
    return uploaded(file.file_id, f"{place}.file_id", files)


def _present(value: _T | None, place: str) -> _T:
    if value is None:
        _refuse(place, "is missing: a part of this type needs it.")
    return value


def _refuse(place: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{place}` {fault}", param=place)
