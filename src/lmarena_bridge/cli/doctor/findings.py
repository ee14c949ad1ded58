"""From facts to findings: each link of the chain, whether it holds, and what to do if it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lmarena_bridge.cli.doctor.facts import Facts, Server
from lmarena_bridge.cli.doctor.file_bed import file_bed
from lmarena_bridge.cli.doctor.finding import Finding
from lmarena_bridge.cli.terminal import shown
from lmarena_bridge.core.config.known import known_models
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.problem import errors
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel
from lmarena_bridge.core.site.pool import pool_of

_Key = tuple[str, str, str | None]

_SCRIPT: Final = "/LMArenaApiBridge.user.js"
_SITE: Final = "https://lmarena.ai"
_CAPTURE: Final = "lmarena-bridge session capture"
_OPEN_CHAT: Final = "Open a chat on the site, then take its session:"
# So many names stand in one line.
_MOST: Final = 5


def findings(facts: Facts) -> list[Finding]:
    """All links but the last, the answer itself, in the order in which a request passes them."""
    found = [_files(facts), _server(facts), _browser(facts)]
    if facts.server is None:
        found.append(Finding("Tab", "skipped", "only a running bridge knows its tabs"))
    else:
        found += _tabs(facts.server)
    if facts.config is None:
        return [*found, Finding("Models", "skipped", "not before the files are mended")]
    return [
        *found,
        _models(facts, facts.config),
        *_sessions(facts, facts.config),
        *file_bed(facts.config.settings),
    ]


def next_thing(found: Sequence[Finding]) -> str:
    """The one thing to do: of the first error, else of the first warning; "" if there is none."""
    advice = [(finding.state, finding.advice) for finding in found if finding.advice]
    return next((each for state, each in advice if state == "error"), advice[0][1] if advice else "")


@dataclass(frozen=True, slots=True)
class Question:
    """Whom to ask for a word. `key`: one of the API's, "" if it needs none."""

    url: str
    model: str
    key: str


def question(facts: Facts, found: Sequence[Finding]) -> Question | None:
    """None as long as something else is wrong. A model that writes is asked, for pictures take their time."""
    if facts.server is None or facts.config is None or any(each.state == "error" for each in found):
        return None
    models = sorted(_answering(facts.config, facts.server.sessions), key=lambda model: model.kind == "image")
    key = facts.config.settings.own_key
    return next((Question(facts.server.url, model.name, key) for model in models), None)


def _answering(config: Config, sessions: Sequence[Mapping[str, Any]]) -> list[ModelEntry]:
    """The models that have a session which is not set aside. `sessions`: what the server says of them."""
    aside = {
        (session["session_id"], session["message_id"], session["profile"])
        for session in sessions
        if session["state"] == "set_aside"
    }
    return [model for model in known_models(config) if _keys(model, config) - aside]


# -- link by link -------------------------------------------------------------------------------------------


def _files(facts: Facts) -> Finding:
    wrong = errors(facts.problems)
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        advice = f"Mend {wrong[0].where}. All mistakes are listed by: lmarena-bridge config check"
        return Finding("Files", "error", f"{wrong[0]}{more}", advice)
    if facts.problems:
        advice = f"Look at {facts.problems[0].where}: lmarena-bridge config check"
        return Finding("Files", "warning", str(facts.problems[0]), advice)
    state = "nothing is wrong" if facts.prepared else "created when the bridge starts for the first time"
    return Finding("Files", "ok", f"{facts.home}: {state}")


def _server(facts: Facts) -> Finding:
    if facts.server is None:
        return _no_server(facts)
    said = f"{facts.server.url}, version {facts.server.version}"
    if facts.server.version == facts.version:
        return Finding("Bridge", "ok", said)
    advice = f"Restart the bridge: version {facts.version} is installed, {facts.server.version} still runs."
    return Finding("Bridge", "warning", said, advice)


def _no_server(facts: Facts) -> Finding:
    if facts.trouble:
        return Finding("Bridge", "error", facts.trouble, f"Stop the bridge and start it again: {facts.start}")
    if facts.port_taken:
        said = "not running, and another program listens at its port"
        return Finding("Bridge", "error", said, f"Start it at another port: {facts.start} --port 5103")
    return Finding("Bridge", "error", "not running", f"Start the bridge in another terminal: {facts.start}")


def _browser(facts: Facts) -> Finding:
    """Only `serve --browser` needs one that it can start itself."""
    if facts.browser is None:
        return Finding("Browser", "skipped", "no Chrome, Chromium, Edge or Brave; Firefox works, too")
    return Finding("Browser", "ok", str(facts.browser))


def _tabs(server: Server) -> list[Finding]:
    connected = [tab for tab in server.tabs if tab["connected"]]
    if connected:
        return [_tab(server, tab) for tab in connected]
    advice = (
        f"Install the userscript, once: {server.url}{_SCRIPT} - then open {_SITE} and leave the tab open. If "
        "the browser asks whether the site may reach apps on this device, allow it."
    )
    return [Finding("Tab", "error", "no LMArena tab is connected", advice)]


def _tab(server: Server, tab: Mapping[str, Any]) -> Finding:
    said = f"{shown(tab['browser'])} at {shown(tab['origin'])}, script {shown(tab['version'])}, {_seen(tab)}"
    if tab["attention"]:
        return Finding("Tab", "error", f"{said}; the site wants to see a person", tab["attention"])
    if tab["visibility"] == "frozen":
        return Finding("Tab", "warning", said, "Bring the LMArena tab to the front: the browser froze it.")
    if tab["version"] != server.version:
        advice = f"Install the script again, it is of another version: {server.url}{_SCRIPT}"
        return Finding("Tab", "warning", said, advice)
    return Finding("Tab", "ok", said)


def _seen(tab: Mapping[str, Any]) -> str:
    return {"visible": "in front", "hidden": "in the background"}.get(tab["visibility"], "frozen")


def _models(facts: Facts, config: Config) -> Finding:
    models = known_models(config)
    if not models:
        advice = "Choose a model: lmarena-bridge models update, then lmarena-bridge models add NAME"
        return Finding("Models", "error", "none is set up", advice)
    said = f"{len(models)} set up"
    if facts.gone:
        advice = "See which ids have changed: lmarena-bridge models list --mapped"
        return Finding("Models", "warning", f"{said}; gone from the site: {_names(facts.gone)}", advice)
    return Finding("Models", "ok", said)


def _sessions(facts: Facts, config: Config) -> list[Finding]:
    models = known_models(config)
    if not models:
        return []
    listed = facts.server.sessions if facts.server else ()
    can = _answering(config, listed)
    if not can:
        first = Finding("Sessions", "error", "no model has one that can be used", f"{_OPEN_CHAT} {_CAPTURE}")
    else:
        without = [model.name for model in models if model not in can]
        rest = f"; without one: {_names(without)}" if without else ""
        first = Finding("Sessions", "ok", f"{len(can)} of {len(models)} models have one{rest}")
    aside = [_set_aside(session) for session in listed if session["state"] == "set_aside"]
    return [first, *aside, *_elsewhere(facts.server)]


def _set_aside(session: Mapping[str, Any]) -> Finding:
    """The reason says what to do, but not for which model."""
    model = session["model"]
    whose = "for all other models" if model is None else f"of {shown(model)}"
    option = "" if model is None else f' --model "{shown(model)}"'
    return Finding(
        "Session", "warning", f"{whose}: set aside. {shown(session['reason'])}", f"{_CAPTURE}{option}"
    )


def _elsewhere(server: Server | None) -> list[Finding]:
    """Sessions of browsers that have no tab open, while others have."""
    here = {tab["profile"] for tab in server.tabs if tab["connected"]} if server else set()
    if server is None or not here:
        return []
    away = [session for session in server.sessions if session["profile"] not in (None, *here)]
    if not away:
        return []
    said = f"{len(away)} of {len(server.sessions)} belong to a browser profile that has no tab open"
    advice = f"Open {_SITE} in the browser they were captured in, or capture them again: {_CAPTURE}"
    return [Finding("Sessions", "warning", said, advice)]


def _keys(model: ModelEntry, config: Config) -> set[_Key]:
    try:
        pool = pool_of(model, config)
    except NoSessionForModel:
        return set()
    return {(session.session_id, session.message_id, session.profile) for session in pool}


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"{', '.join(map(shown, names[:_MOST]))}{more}"
