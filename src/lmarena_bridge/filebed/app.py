"""The file bed as an ASGI application."""

from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lmarena_bridge.filebed.bed import FileBed
from lmarena_bridge.filebed.handout import Handout
from lmarena_bridge.filebed.intake import Intake, refusal
from lmarena_bridge.filebed.problems import FileBedProblem

UPLOAD: Final = "/upload"
UPLOADS: Final = "/uploads/"

# How long a client that uploads may send nothing, in seconds.
_PATIENCE: Final = 30.0


def create_file_bed(bed: FileBed, *, patience: float = _PATIENCE) -> Starlette:
    """The application: POST /upload, GET and HEAD /uploads/{name}. It guards keys; Host and Origin are judged
    by what it is mounted in. `bed.keep_tidy()` runs beside it.
    """
    intake, handout = Intake(bed, patience=patience), Handout(bed)

    # Starlette calls plain functions with a request, but objects with ASGI's three.
    async def upload(request: Request) -> Response:
        return await intake(request)

    async def file(request: Request) -> Response:
        return await handout(request)

    return Starlette(
        routes=[
            Route(UPLOAD, upload, methods=["POST"]),
            Route(f"{UPLOADS}{{name}}", file, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _unknown},
    )


def _unknown(request: Request, error: Exception) -> Response:
    problem = FileBedProblem("This file bed has POST /upload and GET /uploads/NAME, and nothing else.")
    if isinstance(error, HTTPException):
        problem.status = error.status_code
    return refusal(problem)
