"""The ASGI application: the entrance first, then the hot routes, then FastAPI for everything else."""

from collections.abc import Awaitable, Callable, Mapping

from lmarena_bridge.core.api.errors import Wording
from lmarena_bridge.server.ended_answers import EndedAnswers
from lmarena_bridge.server.entrance import Entrance, Regulars, safe_by_default
from lmarena_bridge.server.guard import OPEN_LINKS, UPLOAD
from lmarena_bridge.server.idempotency import Idempotent, asks_with_key
from lmarena_bridge.server.paths import canonical
from lmarena_bridge.server.request_ids import with_request_id
from lmarena_bridge.server.routes import board_events, chat, completions, images, messages, responses
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.when_asked import WhenAsked
from lmarena_bridge.server.wire import SAFE, App, Receive, Scope, Send
from lmarena_bridge.server.wording import wording_of


def create_app(services: Services) -> App:
    """The application of one server."""
    steady = services.world.steady
    refused = services.board.refusals.tell
    hot = hot_routes(services)
    settings = lambda: services.configs.current().settings  # noqa: E731
    return Entrance(
        Idempotent(routes(services, hot), settings, steady, refused),
        services.access,
        steady,
        _wording(services),
        refused,
        meant=canonical,
        regulars=Regulars(services.configs.recent, _straight(hot)),
    )


def hot_routes(services: Services) -> Mapping[str, App]:
    """What answers a POST, by its path."""
    return {
        chat.PATH: chat.ChatRoute(services),
        completions.PATH: completions.CompletionsRoute(services),
        **dict.fromkeys(images.PATHS, images.ImagesRoute(services)),
        responses.PATH: responses.ResponsesRoute(services),
        **dict.fromkeys(messages.PATHS, messages.MessagesRoute(services)),
    }


def routes(services: Services, posted: Mapping[str, App]) -> App:
    """What the server does for those who were let in. `posted`: its hot routes."""
    cold = with_request_id(safe_by_default(_cold(services, posted), SAFE))
    file_bed = safe_by_default(services.file_bed, SAFE)
    events = board_events.BoardEventsRoute(services)

    def app(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        there = cold
        if scope["type"] != "http":
            pass
        elif scope["method"] == "POST" and (hot := posted.get(scope["path"])) is not None:
            there = hot
        elif scope["path"] == board_events.PATH and scope["method"] == "GET":
            there = events
        elif is_for_file_bed(scope["path"]) and services.configs.current().settings.file_bed_mounted:
            there = file_bed
        return there(scope, receive, send)

    return app


def _straight(posted: Mapping[str, App]) -> Callable[[Scope], App | None]:
    """The way to a hot route past the layers between, for those whose header says that they need none."""

    def straight(scope: Scope) -> App | None:
        return None if asks_with_key(scope) else posted.get(scope["path"])

    return straight


def is_for_file_bed(path: str) -> bool:
    """What the mounted file bed answers."""
    return path == UPLOAD or path.startswith(OPEN_LINKS)


def _cold(services: Services, posted: Mapping[str, App]) -> App:
    """FastAPI takes 20 MB and a quarter of a second, which nobody needs who only chats (2026-11-25)."""
    ended = EndedAnswers()
    services.board.watch.on_end(ended.add)

    def build() -> App:
        from lmarena_bridge.server.cold import cold_routes

        return cold_routes(services, ended, posted)

    return WhenAsked(build)


def _wording(services: Services) -> Callable[[str], Wording]:
    return lambda path: wording_of(path, services.world.new_id)
