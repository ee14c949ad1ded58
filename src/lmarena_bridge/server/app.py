"""The ASGI application: the entrance first, then the hot routes, then FastAPI for everything else."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
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
from lmarena_bridge.server.beside import beside
from lmarena_bridge.server.board.caller_label import caller_label
from lmarena_bridge.server.board.refusals import Refusals
from lmarena_bridge.server.board.sections import sections
from lmarena_bridge.server.board.watch import called_by
from lmarena_bridge.server.described import DescribedApp
from lmarena_bridge.server.documented import ERRORS
from lmarena_bridge.server.entrance import Entrance, safe_by_default
from lmarena_bridge.server.guard import OPEN_LINKS, UPLOAD
from lmarena_bridge.server.idempotency import Idempotent
from lmarena_bridge.server.paths import at_its_address
from lmarena_bridge.server.request_ids import with_request_id
from lmarena_bridge.server.routes import board_events, chat, completions, images, messages, responses
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
from lmarena_bridge.server.routes.metrics import metrics_routes
from lmarena_bridge.server.routes.models import models_routes
from lmarena_bridge.server.routes.start import start_routes
from lmarena_bridge.server.routes.userscript import userscript_routes
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import SAFE, App, Receive, Scope, Send
from lmarena_bridge.server.wording import wording_of

_ALL_METHODS: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def create_app(services: Services) -> App:
    """The application of one server; its lifespan keeps the hub's time."""
    steady = services.world.steady
    refused = services.board.refusals.tell
    inside = Idempotent(routes(services), lambda: services.configs.current().settings, steady, refused)
    return at_its_address(Entrance(inside, services.access, steady, _wording(services), refused))


def routes(services: Services) -> App:
    """What the server does for those who were let in."""
    posted: dict[str, App] = {
        chat.PATH: chat.ChatRoute(services),
        completions.PATH: completions.CompletionsRoute(services),
        **dict.fromkeys(images.PATHS, images.ImagesRoute(services)),
        responses.PATH: responses.ResponsesRoute(services),
        **dict.fromkeys(messages.PATHS, messages.MessagesRoute(services)),
    }
    cold = with_request_id(safe_by_default(_cold_routes(services, posted), SAFE))
    file_bed = safe_by_default(services.file_bed, SAFE)
    events = board_events.BoardEventsRoute(services)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == "POST":
            called_by(caller_label(scope))
        if scope["type"] != "http":
            await cold(scope, receive, send)
        elif scope["method"] == "POST" and (hot := posted.get(scope["path"])) is not None:
            await hot(scope, receive, send)
        elif scope["path"] == board_events.PATH and scope["method"] == "GET":
            await events(scope, receive, send)
        elif is_for_file_bed(scope["path"]) and services.configs.current().settings.file_bed_mounted:
            await file_bed(scope, receive, send)
        else:
            await cold(scope, receive, send)

    return app


def is_for_file_bed(path: str) -> bool:
    """What the mounted file bed answers."""
    return path == UPLOAD or path.startswith(OPEN_LINKS)


def _cold_routes(services: Services, posted: Mapping[str, App]) -> FastAPI:
    """Everything; of what is `posted` to the hot routes, what is wrong with the method."""
    app = DescribedApp(
        title="LMArena Bridge",
        version=services.version,
        lifespan=_lifespan(services),
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        responses=dict(ERRORS),
    )
    app.descriptions = (OPENAI, RESPONSES, ANTHROPIC)
    app.include_router(models_routes(services))
    app.include_router(files_routes(services))
    app.include_router(responses.kept_responses_routes(services.responses))
    app.include_router(health_routes(services))
    app.include_router(metrics_routes(services))
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
    _say_errors(app, _wording(services), services.board.refusals)
    return app


def _wording(services: Services) -> Callable[[str], Wording]:
    return lambda path: wording_of(path, services.world.new_id)


def _lifespan(services: Services) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
        forget = services.hub.watch(lambda _: services.board.feed.poke())
        async with (
            beside(services.hub.keep_time()),
            beside(services.board.feed.run(lambda: sections(services))),
            beside(services.board.releases.keep_looking()),
        ):
            yield
        forget()
        services.hub.drain()

    return lifespan


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
