"""GET and DELETE /v1/responses/{id}: responses that are kept."""

from fastapi import APIRouter, Request, Response

from lmarena_bridge.core.api.responses.whole import deleted_body
from lmarena_bridge.core.errors import InvalidRequest
from lmarena_bridge.server.caller import caller_of
from lmarena_bridge.server.kept_responses import KeptResponses
from lmarena_bridge.server.routes.responses import PATH, unknown_response


def kept_responses_routes(responses: KeptResponses) -> APIRouter:
    # Other addresses below (/compact, /input_tokens) are not here, which clients must be able to see.
    router = APIRouter(prefix=PATH, tags=["responses"])

    @router.get("/resp_{number}")
    def one_response(number: str, request: Request) -> Response:
        """A response that is kept, or 404."""
        if (kept := responses.find(f"resp_{number}", caller_of(request.scope).owner)) is None:
            raise _not_found(f"resp_{number}")
        return Response(kept.body, media_type="application/json")

    @router.delete("/resp_{number}")
    def delete_response(number: str, request: Request) -> Response:
        """Forget a response, or 404."""
        if not responses.forget(f"resp_{number}", caller_of(request.scope).owner):
            raise _not_found(f"resp_{number}")
        return Response(deleted_body(f"resp_{number}"), media_type="application/json")

    return router


def _not_found(response_id: str) -> InvalidRequest:
    error = unknown_response(response_id)
    error.status = 404
    error.code = "response_not_found"
    return error
