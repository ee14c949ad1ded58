"""What the tool-using model says next."""

import re
from dataclasses import dataclass

from lmarena_bridge.demo.answers.chat import chat_answer
from lmarena_bridge.demo.conversation import Conversation
from lmarena_bridge.demo.tool_use.intent import Create, Replace, Run, Show, read_intent
from lmarena_bridge.demo.tool_use.manners import Manner, written
from lmarena_bridge.demo.tool_use.offered import Offer, read_offer
from lmarena_bridge.demo.tool_use.plan import Call, ending, plan
from lmarena_bridge.demo.tool_use.progress import Progress, Returned, read_progress

# A path that begins there: "the current directory, then read docs/commands" names none.
_PLACE = re.compile(
    r"(?:working directory|current directory|<cwd>|\bcwd)[^\n/\\]{0,40}?(?<=[\s:>\"'`(])"
    r"((?:/|[A-Za-z]:\\)[^\s<>\"'`)]*)",
    re.IGNORECASE,
)
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Turn:
    """`thoughts` come before the answer, from a model that thinks aloud."""

    text: str
    thoughts: str = ""


def tool_turn(conversation: Conversation, manner: Manner) -> Turn:
    """The next turn: calls, or an answer once they have returned; small talk where no tools are offered."""
    offer = read_offer(conversation.instructions)
    progress = read_progress(conversation)
    if offer is None:
        return Turn(chat_answer(conversation))
    calls = _next_calls(conversation, offer, progress)
    thoughts = _thoughts(offer, calls) if manner == "thinker" else ""
    if calls:
        return Turn(written(calls, manner, offer.nonce, corrected=progress.corrected), thoughts)
    return Turn(_answer(conversation, progress), thoughts)


def _next_calls(conversation: Conversation, offer: Offer, progress: Progress) -> tuple[Call, ...]:
    returned = list(progress.returned)
    if returned and returned[-1].failed:
        return ()
    for step in plan(progress.question, offer, _place(conversation)):
        if len(returned) < len(step):
            return step[len(returned) :]
        del returned[: len(step)]
    last = ending(offer, progress.question, _summary(progress)) if progress.returned else None
    done = last is not None and any(each.tool == last.name for each in progress.returned)
    return () if last is None or done else (last,)


def _answer(conversation: Conversation, progress: Progress) -> str:
    if not progress.returned:
        return chat_answer(conversation)
    return _summary(progress)


def _summary(progress: Progress) -> str:
    last = progress.returned[-1]
    if last.failed:
        return f"The tool {last.tool} could not do it: {last.text[:_LONGEST]}"
    match read_intent(progress.question):
        case Create(path):
            return f"Done: {path} is written."
        case Replace(path, old, new):
            return f"Done: {path} now says “{new}” instead of “{old}”."
        case Show(path):
            return f"This is what {path} holds:\n\n{last.text[:_LONGEST]}"
        case Run(command):
            return f"The command `{command}` says:\n\n{last.text[:_LONGEST]}"
        case _:
            return "\n\n".join(_told(each) for each in progress.returned)


def _told(returned: Returned) -> str:
    return f"The tool {returned.tool} says: {returned.text[:_LONGEST]}"


def _thoughts(offer: Offer, calls: tuple[Call, ...]) -> str:
    """They hold a marker, which must not be taken for a call."""
    if not calls:
        return "The results are here, so I can answer."
    marker, name = f"tool_call_{offer.nonce}", calls[0].name
    example = f'<{marker}>{{"name": "{name}", "arguments": {{}}}}</{marker}>'
    return f"I have {len(offer.tools)} tools. {name} fits, so I will write something like {example} now."


def _place(conversation: Conversation) -> str:
    found = [match[1] for turn in conversation.turns for match in _PLACE.finditer(turn.text)]
    return found[0].rstrip(".,;") if found else ""
