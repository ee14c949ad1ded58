"""The elements of a list content: texts and files that go in, and texts that once came out."""

from collections.abc import Iterator, Sequence
from typing import NoReturn, TypeVar

import msgspec

from lmarena_bridge.core.api.uploads import Files, uploaded
from lmarena_bridge.core.chat.attachments import attachment, encoded_attachment
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

_T = TypeVar("_T")


class InputPartAudio(msgspec.Struct, frozen=True):
    data: str
    format: str | None = None


class InputPart(msgspec.Struct, frozen=True):
    """One element of a list content; which field counts depends on `type`."""

    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: str | None = None
    file_id: str | None = None
    file_data: str | None = None
    file_url: str | None = None
    filename: str | None = None
    input_audio: InputPartAudio | None = None


def read_content(
    content: str | Sequence[InputPart] | None, place: str, files: Files
) -> tuple[str, tuple[Attachment, ...]]:
    """Text and attachments; `place` is the content's path in the request. Raises InvalidRequest."""
    if content is None or isinstance(content, str):
        return content or "", ()
    texts: list[str] = []
    attachments: list[Attachment] = []
    for index, part in enumerate(content):
        where = f"{place}[{index}]"
        match part.type:
            case "input_text" | "output_text" | "text" | "summary_text":
                texts.append(present(part.text, f"{where}.text"))
            case "refusal":
                texts.append(present(part.refusal, f"{where}.refusal"))
            case _:
                attachments.append(_read_file(part, where, len(attachments) + 1, files))
    return "\n\n".join(filter(None, texts)), tuple(attachments)


def uploads_named(content: str | Sequence[InputPart] | None) -> Iterator[str]:
    """The ids of uploaded files that these parts want."""
    if content is not None and not isinstance(content, str):
        yield from (part.file_id for part in content if part.file_id)


def _read_file(part: InputPart, place: str, number: int, files: Files) -> Attachment:
    match part.type:
        case "input_image" | "input_file" if part.file_id:
            return uploaded(part.file_id, f"{place}.file_id", files)
        case "input_image":
            where = f"{place}.image_url"
            return attachment(present(part.image_url, where), number=number, param=where, assumed="image/png")
        case "input_file" if part.file_url:
            return attachment(
                part.file_url,
                number=number,
                param=f"{place}.file_url",
                name=part.filename,
                assumed="application/pdf",
            )
        case "input_file":
            where = f"{place}.file_data"
            return encoded_attachment(
                present(part.file_data, where), "", number=number, param=where, name=part.filename
            )
        case "input_audio":
            audio = present(part.input_audio, f"{place}.input_audio")
            kind = f"audio/{audio.format}" if audio.format else ""
            return encoded_attachment(audio.data, kind, number=number, param=f"{place}.input_audio.data")
        case kind:
            refuse(
                f"{place}.type",
                f"is {kind[:40]!r}: this bridge takes parts of type input_text, input_image, input_file, "
                "input_audio and output_text.",
            )


def present(value: _T | None, place: str) -> _T:
    """The value, which is needed here. Raises InvalidRequest."""
    if value is None:
        refuse(place, "is missing: a part of this type needs it.")
    return value


def refuse(place: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{place}` {fault}", param=place)
