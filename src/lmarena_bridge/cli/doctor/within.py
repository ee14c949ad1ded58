"""The same look at the chain from within the server, for the button on its page."""

from dataclasses import asdict
from typing import Any

from lmarena_bridge.cli.commands_from_here import serve_command
from lmarena_bridge.cli.doctor.facts import Facts, Server, gone_models
from lmarena_bridge.cli.doctor.findings import findings, next_thing, question
from lmarena_bridge.core.config.problem import errors
from lmarena_bridge.core.site.session_views import session_views
from lmarena_bridge.outbound.browser import find_browser
from lmarena_bridge.server.services import Services


def examine(services: Services, url: str) -> dict[str, Any]:
    """`{findings: [{link, state, said, advice}], next, model}`, all of it sentences (`core/sentences.py`).

    `advice`, `next`: null if there is nothing to do. `model`: who could be asked for a word.
    """
    facts = _facts(services, url)
    found = findings(facts)
    asked, following = question(facts, found), next_thing(found)
    return {
        "findings": [asdict(finding) for finding in found],
        "next": asdict(following) if following else None,
        "model": asked.model if asked else None,
    }


def _facts(services: Services, url: str) -> Facts:
    config, problems = services.configs.current(), services.configs.problems
    views = session_views(config, services.health, services.world.clock())
    return Facts(
        home=services.home.path,
        version=services.version,
        prepared=True,
        problems=problems,
        config=None if errors(problems) else config,
        server=Server(
            url=url,
            version=services.version,
            tabs=[asdict(tab) for tab in services.hub.tabs],
            sessions=[asdict(view) for view in views],
        ),
        trouble="",
        port_taken=False,
        browser=find_browser(),
        gone=gone_models(services.home),
        start=serve_command(services.home),
    )
