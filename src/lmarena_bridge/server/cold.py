"""FastAPI and all that it answers: pages, lists, settings, files; everything but the answers of models."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from lmarena_bridge.core.api.anthropic.description import ANTHROPIC
from lmarena_bridge.core.api.errors import Wording
from lmarena_bridge.core.api.openai.description import OPENAI
from lmarena_bridge.core.api.responses.description import RESPONSES
from lmarena_bridge.core.errors import BridgeError, InvalidRequest
from lmarena_bridge.server.answer import known
from lmarena_bridge.server.board.refusals import Refusals
from lmarena_bridge.server.described import DescribedApp
from lmarena_bridge.server.documented import ERRORS
from lmarena_bridge.server.ended_answers import EndedAnswers
from lmarena_bridge.server.metrics import Metrics
from lmarena_bridge.server.routes.files import files_routes
from lmarena_bridge.server.routes.health import health_routes
from lmarena_bridge.server.routes.internal_attended import internal_attended_routes
from lmarena_bridge.server.routes.internal_capture import internal_capture_routes
from lmarena_bridge.server.routes.internal_choice import internal_choice_routes
from lmarena_bridge.server.routes.internal_doctor import internal_doctor_routes
from lmarena_bridge.server.routes.internal_history import internal_history_routes
from lmarena_bridge.server.routes.internal_models import internal_models_routes
from lmarena_bridge.server.routes.internal_release import internal_release_routes
from lmarena_bridge.server.routes.internal_secret import internal_secret_routes
from lmarena_bridge.server.routes.internal_sessions import internal_session_routes
from lmarena_bridge.server.routes.internal_settings import internal_settings_routes
from lmarena_bridge.server.routes.internal_shelves import internal_shelf_routes
from lmarena_bridge.server.routes.kept_pictures import kept_picture_routes
from lmarena_bridge.server.routes.kept_responses import kept_responses_routes
from lmarena_bridge.server.routes.metrics import metrics_routes
from lmarena_bridge.server.routes.models import models_routes
from lmarena_bridge.server.routes.start import start_routes
from lmarena_bridge.server.routes.userscript import userscript_routes
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import App
from lmarena_bridge.server.wording import wording_of

_ALL_METHODS: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def cold_routes(services: Services, ended: EndedAnswers, posted: Mapping[str, App]) -> FastAPI:
    """Everything; of what is `posted` to the hot routes, what is wrong with the method."""
    app = DescribedApp(
        title="LMArena Bridge",
        version=services.version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        responses=dict(ERRORS),
    )
    app.descriptions = (OPENAI, RESPONSES, ANTHROPIC)
    app.include_router(models_routes(services))
    app.include_router(files_routes(services))
    app.include_router(kept_responses_routes(services.responses))
    app.include_router(health_routes(services))
    app.include_router(metrics_routes(Metrics(services, ended)))
    app.include_router(internal_session_routes(services))
    app.include_router(internal_secret_routes(services))
    app.include_router(internal_capture_routes(services))
    app.include_router(userscript_routes(services))
    app.include_router(start_routes())
    app.include_router(kept_picture_routes(services))
    app.include_router(internal_models_routes(services))
    app.include_router(internal_choice_routes(services))
    app.include_router(internal_attended_routes(services))
    app.include_router(internal_history_routes(services))
    app.include_router(internal_settings_routes(services))
    app.include_router(internal_doctor_routes(services))
    app.include_router(internal_shelf_routes(services))
    app.include_router(internal_release_routes(services))
    app.router.routes.extend(Route(path, route, methods=["POST"]) for path, route in posted.items())
    wording = partial(wording_of, new_id=services.world.new_id)
    _say_errors(app, wording, services.board.refusals)
    return app


def _say_errors(app: FastAPI, wording: Callable[[str], Wording], refusals: Refusals) -> None:
    """In the shape of each dialect (clients.md 0.3): the framework's own would lose the message."""

    def said(request: Request, error: BridgeError) -> Response:
        refusals.tell(request.scope, error)
        told = wording(request.url.path)(error)
        headers = {key.decode(): value.decode() for key, value in told.headers}
        return Response(told.body, told.status, headers)

    def bridge_error(request: Request, error: Exception) -> Response:
        return said(request, known(error))

    def http_error(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        told = InvalidRequest(
            f"There is no {request.method} {request.url.path} here. The API's base URL ends in /v1."
        )
        told.status = status
        told.code = "method_not_allowed" if status == 405 else "unknown_url"
        response = said(request, told)
        if status == 405:
            response.headers["allow"] = ", ".join(sorted(_methods(request)))
        return response

    def validation_error(request: Request, error: Exception) -> Response:
        return said(request, InvalidRequest(f"The request is not what this address takes: {error}"))

    app.add_exception_handler(BridgeError, bridge_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(Exception, bridge_error)


def _methods(request: Request) -> set[str]:
    """Those that the address has: the framework, asked, names only those of the first route that fits."""

    def is_there(method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(each.matches(scope)[0] is Match.FULL for each in request.app.routes)

    return set(filter(is_there, _ALL_METHODS))
