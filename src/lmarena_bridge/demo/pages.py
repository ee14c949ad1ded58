"""The HTML of the arena's pages; every page carries the model list as the site's pages do (flight.py)."""

import html
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import Any, Final

from lmarena_bridge.demo.answers.battle import battle_answer
from lmarena_bridge.demo.answers.chat import chat_answer
from lmarena_bridge.demo.catalogue import site_models
from lmarena_bridge.demo.conversation import Conversation, Turn
from lmarena_bridge.demo.directives import DIRECTIVE_GROUPS
from lmarena_bridge.demo.flight import cut_awkwardly, flight_text, push_scripts
from lmarena_bridge.demo.models import DEMO_MODELS, DemoModel, Persona

BUILD: Final = "practice-arena"
_KIND_WORDS: Final[Mapping[str, str]] = {"text": "chat", "image": "image", "search": "search"}
_QUESTIONS: Final[Mapping[Persona, str]] = {
    "chat": "Hello! What can you do?",
    "thinker": "What is 17 × 23?",
    "search": "Who builds bridges?",
    "painter": "A bridge over a river at night, with a boat",
    "left": "Tell me a story",
    "right": "Tell me a story",
    "duel": "What is 2 + 2?",
    "tool-user": "What can you do?",
}
_BATTLE_BLURBS: Final[Mapping[Persona, str]] = {
    "left": "Two answers side by side, each retried alone.",
    "duel": "A retry streams both sides at once.",
}


def flight() -> str:
    """The page's data as a `text/x-component` answer carries it: unescaped, in one piece."""
    return flight_text(site_models(), BUILD)


def home_page() -> str:
    """`/`, `/?mode=direct` and `/c/new`."""
    shown = [model for model in DEMO_MODELS if model.battle_target != "B"]
    models = "".join(_fill("model.html", _model_words(model)) for model in shown)
    directives = "".join(_directive_group(title, group) for title, group in DIRECTIVE_GROUPS.items())
    main = _fill("home.html", {"models": models, "directives": directives})
    return _framed("Practice Arena", main, {})


def conversation_page(models: Sequence[DemoModel]) -> str:
    """`/c/<id>`: one session; `models` are the entries of that session, one per side."""
    first = models[0]
    question = _QUESTIONS[first.persona]
    answers = "".join(_answer(model, question, alone=len(models) == 1) for model in models)
    words = _model_words(first) | {"question": html.escape(question), "answers": answers}
    data = {
        "sessionId": first.session_id,
        "mode": first.mode,
        "kind": first.kind,
        "question": question,
    }
    return _framed(f"{_title(first)} · Practice Arena", _fill("conversation.html", words), data)


def _directive_group(title: str, group: Mapping[str, str]) -> str:
    rows = "".join(
        f"<div><dt><code>{html.escape(usage)}</code></dt><dd>{html.escape(meaning)}</dd></div>\n"
        for usage, meaning in group.items()
    )
    return f'<h3>{html.escape(title)}</h3>\n<dl class="directives">\n{rows}</dl>\n'


def _answer(model: DemoModel, question: str, *, alone: bool) -> str:
    conversation = Conversation((Turn("user", question),))
    match model.persona:
        case "painter":
            text = "Press Retry and I will draw it."
        case "left" | "right" | "duel":
            text = battle_answer(conversation, model.side)
        case _:
            text = chat_answer(conversation)
    words = {
        "side": model.side,
        "message_id": model.message_id,
        "label": "Answer" if alone else f"Answer {model.side.upper()}",
        "text": html.escape(text),
    }
    return _fill("answer.html", words)


def _title(model: DemoModel) -> str:
    return {"left": "demo-left / demo-right", "duel": "demo-duel"}.get(model.persona, model.name)


def _model_words(model: DemoModel) -> dict[str, str]:
    return {
        "session_id": model.session_id,
        "name": html.escape(_title(model)),
        "kind": "battle" if model.mode == "battle" else model.kind,
        "kind_word": "battle" if model.mode == "battle" else _KIND_WORDS[model.kind],
        "blurb": html.escape(_BATTLE_BLURBS.get(model.persona, model.blurb)),
    }


def _framed(title: str, main: str, data: Mapping[str, Any]) -> str:
    words = {
        "title": html.escape(title),
        "main": main,
        # Nothing in a script element may look like its end.
        "data": json.dumps(data).replace("<", "\\u003c"),
        "flight": push_scripts(cut_awkwardly(flight())),
    }
    return _fill("frame.html", words)


def _fill(template: str, words: Mapping[str, str]) -> str:
    text = files("lmarena_bridge.demo").joinpath("templates", template).read_text(encoding="utf-8")
    return Template(text).substitute(words)
