"""From facts to findings: each link of the chain, whether it holds, and what to do if it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lmarena_bridge.cli.doctor import words
from lmarena_bridge.cli.doctor.facts import Facts, Server
from lmarena_bridge.cli.doctor.file_bed import file_bed
from lmarena_bridge.cli.doctor.finding import Finding
from lmarena_bridge.cli.terminal import shown
from lmarena_bridge.core.config.known import known_models
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.problem import errors
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel, SessionExpired
from lmarena_bridge.core.sentences import Sentence, Template, plain, verbatim
from lmarena_bridge.core.site.pool import pool_of

_Key = tuple[str, str, str | None]

_SCRIPT: Final = "/LMArenaApiBridge.user.js"
_SITE: Final = "https://lmarena.ai"
_CAPTURE: Final = "lmarena-bridge session capture"
# So many names stand in one line.
_MOST: Final = 5
_PLACES: Final[Mapping[str, Template]] = {"visible": words.IN_FRONT, "hidden": words.IN_BACKGROUND}


def findings(facts: Facts) -> list[Finding]:
    """All links but the last, the answer itself, in the order in which a request passes them."""
    found = [_files(facts), _server(facts), _browser(facts)]
    if facts.server is None:
        found.append(Finding(words.TAB, "skipped", words.TABS_UNKNOWN()))
    else:
        found += _tabs(facts.server)
    if facts.config is None:
        return [*found, Finding(words.MODELS, "skipped", words.MODELS_LATER())]
    return [
        *found,
        _models(facts, facts.config),
        *_sessions(facts, facts.config),
        *file_bed(facts.config.settings),
    ]


def next_thing(found: Sequence[Finding]) -> Sentence | None:
    """The one thing to do: of the first error, else of the first warning; None if there is none."""
    advised = [finding for finding in found if finding.advice]
    wrong = [finding for finding in advised if finding.state == "error"]
    return next((finding.advice for finding in [*wrong, *advised]), None)


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
        said = wrong[0].sentence
        if len(wrong) > 1:
            said = words.FILES_MORE(problem=said, more=len(wrong) - 1)
        return Finding(words.FILES, "error", said, words.MEND_FILE(place=wrong[0].where))
    if facts.problems:
        odd = facts.problems[0]
        return Finding(words.FILES, "warning", odd.sentence, words.LOOK_AT_FILE(place=odd.where))
    good = words.FILES_GOOD if facts.prepared else words.FILES_TO_COME
    return Finding(words.FILES, "ok", good(home=str(facts.home)))


def _server(facts: Facts) -> Finding:
    if facts.server is None:
        return _no_server(facts)
    said = words.RUNNING(url=facts.server.url, version=facts.server.version)
    if facts.server.version == facts.version:
        return Finding(words.BRIDGE, "ok", said)
    advice = words.RESTART(installed=facts.version, running=facts.server.version)
    return Finding(words.BRIDGE, "warning", said, advice)


def _no_server(facts: Facts) -> Finding:
    if facts.trouble:
        advice = words.START_AGAIN(command=facts.start)
        return Finding(words.BRIDGE, "error", verbatim(facts.trouble), advice)
    if facts.port_taken:
        advice = words.OTHER_PORT(command=f"{facts.start} --port 5103")
        return Finding(words.BRIDGE, "error", words.PORT_TAKEN(), advice)
    return Finding(words.BRIDGE, "error", words.NOT_RUNNING(), words.START(command=facts.start))


def _browser(facts: Facts) -> Finding:
    """Only `serve --browser` needs one that it can start itself."""
    if facts.browser is None:
        return Finding(words.BROWSER, "skipped", words.NO_BROWSER())
    return Finding(words.BROWSER, "ok", verbatim(str(facts.browser)))


def _tabs(server: Server) -> list[Finding]:
    connected = [tab for tab in server.tabs if tab["connected"]]
    if connected:
        return [_tab(server, tab) for tab in connected]
    advice = words.INSTALL_AND_OPEN(script=f"{server.url}{_SCRIPT}", site=_SITE)
    return [Finding(words.TAB, "error", words.NO_TAB(), advice)]


def _tab(server: Server, tab: Mapping[str, Any]) -> Finding:
    said = words.TAB_SEEN(
        browser=shown(tab["browser"]),
        origin=shown(tab["origin"]),
        version=shown(tab["version"]),
        place=_PLACES.get(tab["visibility"], words.FROZEN)(),
    )
    if tab["attention"]:
        advice = plain(tab["attention"], "tab.attention")
        return Finding(words.TAB, "error", words.WANTS_PERSON(tab=said), advice)
    if tab["visibility"] == "frozen":
        return Finding(words.TAB, "warning", said, words.THAW())
    if tab["version"] != server.version:
        advice = words.INSTALL_AGAIN(script=f"{server.url}{_SCRIPT}")
        return Finding(words.TAB, "warning", said, advice)
    return Finding(words.TAB, "ok", said)


def _models(facts: Facts, config: Config) -> Finding:
    number = len(known_models(config))
    if not number:
        return Finding(words.MODELS, "error", words.NO_MODELS(), words.CHOOSE_MODEL())
    if facts.gone:
        said = words.MODELS_GONE(number=number, names=_names(facts.gone))
        return Finding(words.MODELS, "warning", said, words.SEE_CHANGED())
    return Finding(words.MODELS, "ok", words.MODELS_GOOD(number=number))


def _sessions(facts: Facts, config: Config) -> list[Finding]:
    models = known_models(config)
    if not models:
        return []
    listed = facts.server.sessions if facts.server else ()
    can = _answering(config, listed)
    without = [model.name for model in models if model not in can]
    first = Finding(words.SESSIONS, "ok", words.SESSIONS_GOOD(some=len(can), all=len(models)))
    if not can:
        first = Finding(words.SESSIONS, "error", words.NO_SESSIONS(), words.CAPTURE_FIRST(command=_CAPTURE))
    elif without:
        said = words.SESSIONS_SOME(some=len(can), all=len(models), names=_names(without))
        first = Finding(words.SESSIONS, "ok", said)
    aside = [_set_aside(session) for session in listed if session["state"] == "set_aside"]
    return [first, *aside, *_elsewhere(facts.server)]


def _set_aside(session: Mapping[str, Any]) -> Finding:
    """The reason says what to do, but not for which model."""
    reason = plain(shown(session["reason"]), f"error.{SessionExpired.code}")
    if session["model"] is None:
        said, command = words.DEFAULT_ASIDE(reason=reason), _CAPTURE
    else:
        model = shown(session["model"])
        said, command = words.ASIDE(model=model, reason=reason), f'{_CAPTURE} --model "{model}"'
    return Finding(words.SESSION, "warning", said, words.CAPTURE_AGAIN(command=command))


def _elsewhere(server: Server | None) -> list[Finding]:
    """Sessions of browsers that have no tab open, while others have."""
    here = {tab["profile"] for tab in server.tabs if tab["connected"]} if server else set()
    if server is None or not here:
        return []
    away = [session for session in server.sessions if session["profile"] not in (None, *here)]
    if not away:
        return []
    said = words.ELSEWHERE(some=len(away), all=len(server.sessions))
    return [Finding(words.SESSIONS, "warning", said, words.OPEN_THERE(site=_SITE, command=_CAPTURE))]


def _keys(model: ModelEntry, config: Config) -> set[_Key]:
    try:
        pool = pool_of(model, config)
    except NoSessionForModel:
        return set()
    return {(session.session_id, session.message_id, session.profile) for session in pool}


def _names(names: Sequence[str]) -> str:
    more = f", … (+{len(names) - _MOST})" if len(names) > _MOST else ""
    return f"{', '.join(map(shown, names[:_MOST]))}{more}"
