"""POST /upload: a body that comes in pieces becomes a file."""

import asyncio
import hmac
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Final, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from lmarena_bridge.filebed.bed import FileBed, StoredFile
from lmarena_bridge.filebed.form_body import FormBody, boundary_of
from lmarena_bridge.filebed.json_body import JsonBody
from lmarena_bridge.filebed.problems import (
    BadUpload,
    FileBedProblem,
    TooLarge,
    TooSlow,
    UnknownForm,
    WrongKey,
)

# base64 makes four bytes of three; boundaries, names and keys come on top.
_AROUND_THE_FILE: Final = 1024 * 1024
# What is still read of a body after an error, so that the client hears the answer instead of a broken pipe.
_STILL_READ_BYTES: Final = 8 * 1024 * 1024
_STILL_READ_SECONDS: Final = 2.0


class Body(Protocol):
    """How a body is read: pieces in, pieces of the file out."""

    @property
    def api_key(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    def feed(self, data: bytes) -> bytes: ...
    def finish(self) -> None: ...


class Intake:
    """The route. `patience`: how long a client may send nothing, in seconds."""

    def __init__(self, bed: FileBed, *, patience: float) -> None:
        self._bed = bed
        self._patience = patience

    async def __call__(self, request: Request) -> Response:
        async with aclosing(self._chunks(request)) as chunks:
            try:
                stored = await self._take(request, chunks)
            except FileBedProblem as problem:
                await _read_on(chunks)
                return refusal(problem)
            except ClientDisconnect:
                return refusal(BadUpload("The upload broke off."))  # nobody hears it
            return JSONResponse(_told(stored))

    async def _take(self, request: Request, chunks: AsyncIterator[bytes]) -> StoredFile:
        keys = self._bed.rules().keys
        given = _key_in_headers(request)
        if given and not is_known(given, keys):
            raise WrongKey
        _check_length(request, self._bed.rules().max_bytes)
        body = _body_for(request)
        left = _largest_body(self._bed.rules().max_bytes)
        async with self._bed.draft() as draft:
            async for chunk in chunks:
                left -= len(chunk)
                if left < 0:
                    raise TooLarge(self._bed.rules().max_bytes)
                if piece := body.feed(chunk):
                    await draft.write(piece, body.content_type)
            body.finish()
            # Earlier bridges send the key behind the file: until it is known, nothing has been kept.
            if not given and not is_known(body.api_key, keys):
                raise WrongKey
            return self._bed.stored(await draft.finish())

    async def _chunks(self, request: Request) -> AsyncGenerator[bytes, None]:
        """The body. Raises TooSlow, ClientDisconnect."""
        stream = request.stream()
        while True:
            try:
                async with asyncio.timeout(self._patience):
                    chunk = await anext(stream, None)
            except TimeoutError as error:
                raise TooSlow from error
            if chunk is None:
                return
            yield chunk


def is_known(given: str, keys: Collection[str]) -> bool:
    """Compared in constant time, all keys each time. Without keys everybody is known."""
    matches = [hmac.compare_digest(given.encode(), key.encode()) for key in keys]
    return not keys or any(matches)


def refusal(problem: FileBedProblem) -> JSONResponse:
    """The shape that users of earlier bridges know, with a true status."""
    body = {"success": False, "error": problem.message, "code": problem.code}
    return JSONResponse(
        body, problem.status, {"Connection": "close"} if problem.status in (408, 413) else None
    )


def _told(stored: StoredFile) -> dict[str, object]:
    expires = None if stored.expires is None else datetime.fromtimestamp(stored.expires, UTC).isoformat()
    return {
        "success": True,
        "filename": stored.name,
        "url": stored.url,
        "size": stored.size,
        "content_type": stored.content_type,
        "expires": expires,
    }


def _key_in_headers(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    given = bearer or request.headers.get("x-api-key", "").strip()
    return given.encode("latin-1").decode("utf-8", errors="replace")


def _check_length(request: Request, limit: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > _largest_body(limit):
        raise TooLarge(limit)


def _largest_body(limit: int) -> int:
    return limit * 4 // 3 + _AROUND_THE_FILE


def _body_for(request: Request) -> Body:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnknownForm("Send the body as it is: a Content-Encoding is not accepted.")
    content_type = request.headers.get("content-type", "")
    match content_type.partition(";")[0].strip().lower():
        case "application/json":
            return JsonBody()
        case "multipart/form-data":
            return FormBody(boundary_of(content_type))
    raise UnknownForm(
        "Upload either application/json with file_data as a data: URI, or multipart/form-data with one file."
    )


async def _read_on(chunks: AsyncIterator[bytes]) -> None:
    """Hear a refused client out for a while: one that is cut off in mid-sentence never reads the answer."""
    size = 0
    try:
        async with asyncio.timeout(_STILL_READ_SECONDS):
            async for chunk in chunks:
                size += len(chunk)
                if size > _STILL_READ_BYTES:
                    return
    except (FileBedProblem, ClientDisconnect, TimeoutError):
        return
