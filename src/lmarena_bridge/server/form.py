"""A form with files (multipart/form-data): its fields, and its files one after the other from the disk."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from lmarena_bridge.core.api.openai.images import FormFile
from lmarena_bridge.core.errors import InvalidRequest
from lmarena_bridge.server.wire import ClientLeft, Receive, Scope, too_large

_MOST_FILES: Final = 32
_MOST_FIELDS: Final = 64


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Texts by their name, and the files, which are on the disk as long as the form is open."""

    fields: Mapping[str, str]
    files: Sequence[tuple[str, UploadFile]]

    def file(self, name: str) -> UploadFile | None:
        return next((file for field, file in self.files if field == name), None)


@asynccontextmanager
async def opened_form(scope: Scope, receive: Receive, limit: int) -> AsyncGenerator[OpenForm, None]:
    """The form in a body of at most `limit` bytes. Raises InvalidRequest, TooLarge, ClientLeft."""
    headers = Headers(scope=scope)
    if not headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise InvalidRequest("The body must be a form with files: send it as multipart/form-data.")
    parser = MultiPartParser(headers, _pieces(receive, limit), max_files=_MOST_FILES, max_fields=_MOST_FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"The form cannot be read: {error}.") from error
    try:
        yield OpenForm(
            {name: value for name, value in form.multi_items() if isinstance(value, str)},
            [(name, value) for name, value in form.multi_items() if isinstance(value, UploadFile)],
        )
    finally:
        await form.close()


async def read_form(scope: Scope, receive: Receive, limit: int) -> tuple[dict[str, str], list[FormFile]]:
    """Texts by their name, and the files whole. Raises InvalidRequest, TooLarge, ClientLeft."""
    async with opened_form(scope, receive, limit) as form:
        return dict(form.fields), [FormFile(name, await file.read()) for name, file in form.files]


async def _pieces(receive: Receive, limit: int) -> AsyncGenerator[bytes, None]:
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        piece, more = message.get("body", b""), message.get("more_body", False)
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        yield piece
