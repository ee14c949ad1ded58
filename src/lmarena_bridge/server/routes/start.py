"""GET /: where a person begins. Plain HTML, made on the server, nothing that runs."""

from html import escape
from importlib.resources import files
from string import Template

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lmarena_bridge.core.config.known import known_models
from lmarena_bridge.server.routes.health import why_not_ready
from lmarena_bridge.server.services import Services

_HEADERS = (
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
)


def start_routes(services: Services) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    def start(request: Request) -> Response:
        return Response(
            _page(services, str(request.base_url)), media_type="text/html", headers=dict(_HEADERS)
        )

    @router.get("/static/start.css")
    def style() -> Response:
        return Response(_static("start.css"), media_type="text/css", headers=dict(_HEADERS))

    return router


def _page(services: Services, address: str) -> str:
    reason = why_not_ready(services)
    models = [model.name for model in known_models(services.configs.current())]
    return Template(_static("start.html")).substitute(
        version=escape(services.version),
        state="ready" if reason is None else "waiting",
        sentence="A tab is connected. You can chat." if reason is None else escape(reason),
        base=escape(f"{address}v1"),
        models=", ".join(map(escape, models)) or "None yet: <code>lmarena-bridge models update</code>",
    )


def _static(name: str) -> str:
    return files("lmarena_bridge").joinpath("server", "static", name).read_text(encoding="utf-8")
