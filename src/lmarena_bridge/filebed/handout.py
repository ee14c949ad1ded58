"""GET /uploads/{name}: a file goes out, and nothing in it can run."""

from email.utils import formatdate
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lmarena_bridge.filebed.bed import FileBed, Found
from lmarena_bridge.filebed.intake import refusal
from lmarena_bridge.filebed.problems import FileBedProblem
from lmarena_bridge.filebed.ranges import Unsatisfiable, asked_range, names_tag

# nosniff: the type is what we say. sandbox: a document has no scripts, no origin, no forms. CORP: pages of
# the site may show the picture; whoever has the name may have the file.
SAFE: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
)


class Handout:
    """The route, for GET and HEAD."""

    def __init__(self, bed: FileBed) -> None:
        self._bed = bed

    async def __call__(self, request: Request) -> Response:
        try:
            found = await self._bed.find(request.path_params["name"])
            return await self._answer(request, found)
        except FileBedProblem as problem:
            response = refusal(problem)
            response.headers.update(dict(SAFE))
            return response

    async def _answer(self, request: Request, found: Found) -> Response:
        headers = _headers(found)
        if names_tag(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        wanted = request.headers.get("range")
        if request.headers.get("if-range", headers["ETag"]) != headers["ETag"]:
            wanted = None
        try:
            part = asked_range(wanted, found.size)
        except Unsatisfiable:
            headers["Content-Range"] = f"bytes */{found.size}"
            return Response(status_code=416, headers=headers)
        start, end = part or (0, found.size)
        headers["Content-Length"] = str(end - start)
        headers["Content-Type"] = found.kind.content_type
        if part is not None:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
        status = 200 if part is None else 206
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        return StreamingResponse(await self._bed.read(found, start, end), status, headers)


def _headers(found: Found) -> dict[str, str]:
    disposition = "inline" if found.kind.shown else "attachment"
    return {
        **dict(SAFE),
        # A name is never used again for other bytes.
        "ETag": f'"{found.name}"',
        "Cache-Control": "private, max-age=3600, immutable",
        "Last-Modified": formatdate(found.since, usegmt=True),
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'{disposition}; filename="{found.name}"',
    }
