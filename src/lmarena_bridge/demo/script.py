"""What a model says, as whole lines of the site's stream: conversation and directives in, lines out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Final

from lmarena_bridge.demo import stream
from lmarena_bridge.demo.answers import oddities
from lmarena_bridge.demo.answers.battle import battle_answer
from lmarena_bridge.demo.answers.bulk import bulk_text
from lmarena_bridge.demo.answers.chat import chat_answer
from lmarena_bridge.demo.answers.pieces import pieces
from lmarena_bridge.demo.answers.search import Cited, search_answer
from lmarena_bridge.demo.answers.thinking import thoughts
from lmarena_bridge.demo.conversation import Conversation
from lmarena_bridge.demo.directives import Directives
from lmarena_bridge.demo.models import DemoModel, Persona, Side
from lmarena_bridge.demo.pictures.easel import Easel
from lmarena_bridge.demo.tool_use.manners import manner_of
from lmarena_bridge.demo.tool_use.tool_user import tool_turn

Speech = Callable[[Conversation, Side], Iterator[str]]


def script(
    model: DemoModel, conversation: Conversation, directives: Directives, easel: Easel
) -> Iterator[str]:
    """The lines of one answer, its finishing ones included."""
    if "both-sides" in directives or model.both_sides:
        return _both(model, conversation, directives, easel)
    spoken = _one_side(model, conversation, directives, easel, model.side)
    return chain(spoken, [_finish(model.side, conversation, directives)])


def _both(
    model: DemoModel, conversation: Conversation, directives: Directives, easel: Easel
) -> Iterator[str]:
    """Both sides in turn; the other one, which talks longer, has its own ending too."""
    other: Side = "a" if model.side == "b" else "b"
    wanted = [*_one_side(model, conversation, directives, easel, model.side)]
    wanted.append(_finish(model.side, conversation, directives))
    unwanted = [*_speech(battle_answer(conversation, other) + " So say I, the other one.", other)]
    unwanted.append(stream.finish(other))
    for mine, theirs in zip_longest(wanted, unwanted):
        yield from (each for each in (theirs, mine) if each is not None)


def _one_side(
    model: DemoModel, conversation: Conversation, directives: Directives, easel: Easel, side: Side
) -> Iterator[str]:
    odd = _odd_text(directives)
    if odd is not None:
        return (stream.text(side, delta) for delta in odd)
    if "size" in directives:
        return _bulk(side, directives)
    if model.persona == "tool-user":
        return _using_tools(conversation, side, model.name)
    if model.kind == "image":
        return easel.paint(conversation, directives, side)
    return _SPEECHES[model.persona](conversation, side)


def _odd_text(directives: Directives) -> Sequence[str] | None:
    if "lines" in directives:
        return [f"word{number} " for number in range(directives.count("lines", 5000))]
    return next((text for name, text in _ODD_TEXTS.items() if name in directives), None)


def _bulk(side: Side, directives: Directives) -> Iterator[str]:
    size = directives.count("size", 1_000_000)
    step = max(1, directives.count("line", 16_384))
    return (stream.text(side, bulk_text(start, min(start + step, size))) for start in range(0, size, step))


def _finish(side: Side, conversation: Conversation, directives: Directives) -> str:
    usage = None
    if "usage" in directives:
        prompt = sum(len(turn.text.split()) for turn in conversation.turns)
        usage = (prompt, len(chat_answer(conversation).split()))
    return stream.finish(side, directives.word("finish", "stop"), usage)


def _speech(text: str, side: Side) -> Iterator[str]:
    return (stream.text(side, piece) for piece in pieces(text))


def _thinking(conversation: Conversation, side: Side) -> Iterator[str]:
    # The first reasoning delta of the site may be empty (recorded 2025-12-01).
    yield stream.reasoning(side, "")
    yield from (stream.reasoning(side, piece) for piece in pieces(thoughts(conversation)))
    yield from _speech(chat_answer(conversation), side)


def _using_tools(conversation: Conversation, side: Side, name: str) -> Iterator[str]:
    turn = tool_turn(conversation, manner_of(name))
    yield from (stream.reasoning(side, piece) for piece in pieces(turn.thoughts))
    yield from _speech(turn.text, side)


def _searching(conversation: Conversation, side: Side) -> Iterator[str]:
    for piece in search_answer(conversation):
        match piece:
            case Cited(sources):
                yield stream.citation(side, sources)
            case str():
                yield stream.text(side, piece)


def _battling(conversation: Conversation, side: Side) -> Iterator[str]:
    return _speech(battle_answer(conversation, side), side)


_SPEECHES: Final[Mapping[Persona, Speech]] = {
    "chat": lambda conversation, side: _speech(chat_answer(conversation), side),
    "thinker": _thinking,
    "search": _searching,
    "left": _battling,
    "right": _battling,
    "duel": _battling,
}

_ODD_TEXTS: Final[Mapping[str, Sequence[str]]] = {
    "quoted-challenge": pieces(oddities.CHALLENGE_QUOTE),
    "brackets": pieces(oddities.BRACKETS),
    "line-separators": pieces(oddities.LINE_SEPARATORS),
    "surrogates": oddities.HALVES,
    "arena-error": ("hasArenaError",),
}
