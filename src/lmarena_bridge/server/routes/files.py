"""POST, GET and DELETE under /v1/files: what is uploaded once can be named in messages as `file_id`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from lmarena_bridge.core.api.openai.files import (
    PURPOSES,
    deleted_body,
    file_body,
    files_body,
    read_life,
    read_purpose,
)
from lmarena_bridge.core.errors import InvalidRequest
from lmarena_bridge.server.caller import caller_of
from lmarena_bridge.server.documented import answers, form
from lmarena_bridge.server.form import opened_form
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.uploaded_files import not_stored
from lmarena_bridge.server.wire import ClientLeft

_JSON: Final = "application/json"
_FORM: Final = form(
    {"file": {"type": "string", "format": "binary"}}, purpose={"type": "string", "enum": list(PURPOSES)}
)
# Whatever was uploaded, no browser shows or runs it.
_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cache-control": "private, no-store",
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
)


def files_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/files", tags=["files"])
    files = services.files

    @router.post("", openapi_extra=_FORM)
    async def upload(request: Request) -> Response:
        """A form with `file`, and `purpose`; `expires_after[seconds]` if it shall not stay."""
        limit = services.configs.current().settings.max_body_bytes
        try:
            async with opened_form(request.scope, request.receive, limit) as form:
                source = form.file("file")
                if source is None:
                    raise InvalidRequest("`file` is missing: send it as a file of the form.", param="file")
                purpose, life = read_purpose(form.fields), read_life(form.fields)
                stored = await files.keep(
                    source.file,
                    name=source.filename,
                    purpose=purpose,
                    life=life,
                    owner=caller_of(request.scope).owner,
                )
        except OSError as error:  # the form itself is on a disk, too
            raise not_stored(error) from error
        except ClientLeft:
            return Response(status_code=400)  # nobody hears it
        return Response(file_body(stored), media_type=_JSON)

    @router.get("")
    async def list_files(request: Request) -> Response:
        """Those that are here, the newest first. `purpose`, `order`, `after` and `limit` choose."""
        found = await files.all(caller_of(request.scope).owner)
        return Response(files_body(found, request.query_params), media_type=_JSON)

    @router.get("/{file_id}")
    async def one_file(file_id: str, request: Request) -> Response:
        """What is known of a file."""
        stored, _ = await files.find(file_id, caller_of(request.scope).owner)
        return Response(file_body(stored), media_type=_JSON)

    @router.delete("/{file_id}")
    async def delete_file(file_id: str, request: Request) -> Response:
        """Remove a file."""
        await files.delete(file_id, caller_of(request.scope).owner)
        return Response(deleted_body(file_id), media_type=_JSON)

    @router.get("/{file_id}/content", response_class=Response, responses=answers("application/octet-stream"))
    async def content(file_id: str, request: Request) -> Response:
        """Its bytes."""
        stored, path = await files.find(file_id, caller_of(request.scope).owner)
        return FileResponse(
            path, media_type="application/octet-stream", filename=stored.name, headers=dict(_HEADERS)
        )

    return router
