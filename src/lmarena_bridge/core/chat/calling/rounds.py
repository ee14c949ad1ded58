"""One answer with calls in it: events in, events out, and a second round for what was wrong in the first.

A call is begun only when it is whole, names a tool that there is, and its arguments fit: no client ever gets
half of one, or one that cannot be carried out. So its arguments come in one piece.

What cannot be carried out is told to the model, once: it writes the call again, or answers without one. Tools
that do not exist, arguments that do not fit and JSON that is beyond repair are such; calls in the form of
some other system; and no call where one must be. If that does not help, the client gets the text between the
markers as text, or an error if it insists on a call.
"""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from lmarena_bridge.core.chat.calling.foreign import ForeignCalls
from lmarena_bridge.core.chat.calling.found import Found, Invented, Unmarked, Written
from lmarena_bridge.core.chat.calling.history import told_marked
from lmarena_bridge.core.chat.calling.markers import markers
from lmarena_bridge.core.chat.calling.prompt import told_faults, told_tools
from lmarena_bridge.core.chat.calling.reader import CallReader
from lmarena_bridge.core.chat.calling.toolbox import Call, Fault, Toolbox
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    FinishReason,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
    Usage,
)
from lmarena_bridge.core.chat.passes import Pass
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role, ToolUse
from lmarena_bridge.core.errors import ToolNotCalled

_INVENTED: Final = Fault("You wrote a tool's result yourself. Only the user's side knows it.")
_UNMARKED: Final = Fault("Your call does not stand between the markers, so it was not carried out.")
_NO_CALL: Final = Fault("You called no tool, but must call one now.")


class _Round:
    """What one answer of the model holds."""

    def __init__(self, reader: CallReader, *, hold_prose: bool) -> None:
        self.reader = reader
        self.written: list[str] = []
        self.faults: list[Fault] = []
        # What stood between the markers of calls that cannot be carried out.
        self.broken: list[str] = []
        self.unmarked = ""
        # Prose that is not given as long as nobody knows whether it is the answer.
        self.held: list[str] | None = [] if hold_prose else None


class ToolCalls(Pass):
    """The pass of one request, over one round or two."""

    def __init__(self, request: ChatRequest, use: ToolUse, new_id: Callable[[], str]) -> None:
        """`new_id` gives ids that nobody can foresee, like random UUIDs."""
        self._markers = markers(new_id())
        self._asked = _with_prompt(told_marked(request, self._markers), told_tools(use, self._markers))
        self._use = use
        self._new_id = new_id
        self._toolbox = Toolbox(use)
        self._foreign = ForeignCalls(self._toolbox.names)
        self._given: list[Call] = []
        self._spoken = False
        self._gap = ""
        self._ended = False
        self._usage: Usage | None = None
        self._first: _Round | None = None
        self._round = self._new_round(hold_prose=use.choice == "required")
        self._wish: ChatRequest | None = None

    @property
    def asked(self) -> ChatRequest:
        """The request with the tools in it, for the site."""
        return self._asked

    def feed(self, events: Sequence[ChatEvent]) -> Sequence[ChatEvent]:
        given: list[ChatEvent] = []
        for event in events:
            match event:
                case TextDelta(text=text):
                    self._round.written.append(text)
                    self._take(self._round.reader.feed(text), given)
                case Finished():
                    self._take(self._round.reader.close(), given)
                    if not self._ended:
                        self._finish(event, given)
                case _:
                    given.append(event)
            if self._ended:
                break
        return given

    def again(self) -> ChatRequest | None:
        wish, self._wish = self._wish, None
        self._ended = self._ended and wish is None
        return wish

    def anew(self) -> None:
        """Another pass has the model asked again, so what it says now is the answer."""
        self._first, self._round = self._round, self._new_round(hold_prose=True)
        self._ended = False

    @property
    def done(self) -> bool:
        return self._ended

    def failed(self) -> Sequence[ChatEvent]:
        if self._first is None or not self._given:
            return ()
        return (Finished(FinishReason.TOOL_CALLS, self._usage),)

    # -- what is found --------------------------------------------------------------------------------------

    def _take(self, found: Sequence[Found], given: list[ChatEvent]) -> None:
        for each in found:
            match each:
                case Written():
                    self._called(each, given)
                case Unmarked(text=text) if self._foreign.names_tool(text):
                    self._round.unmarked = text
                case Invented():
                    self._invented(given)
                case _:
                    self._spoke(each.text, given)
            if self._ended:
                return

    def _spoke(self, text: str, given: list[ChatEvent]) -> None:
        if self._round.held is None:
            self._say(text, given)
        else:
            self._round.held.append(text)

    def _called(self, written: Written, given: list[ChatEvent]) -> None:
        judged = [Fault(f"It is not valid JSON: {written.fault}.")] if written.fault else []
        for call in judged or self._toolbox.judged(written.value, written.hint):
            if isinstance(call, Fault):
                self._round.faults.append(call)
                self._round.broken.append(written.text)
            elif self._first is None or call not in self._given:
                self._give(call, given)
            if self._ended:
                return

    def _give(self, call: Call, given: list[ChatEvent]) -> None:
        if self._first is None and self._round.held:
            self._say("".join(self._round.held).strip(), given)
        self._round.held = [] if self._first else None
        self._given.append(call)
        self._gap = "\n\n" if self._spoken else ""
        given += (
            ToolCallBegun(f"call_{self._new_id().replace('-', '')}", call.name),
            ToolArguments(call.arguments),
        )
        if not self._use.parallel:
            self._end(FinishReason.TOOL_CALLS, None, given)

    def _say(self, text: str, given: list[ChatEvent]) -> None:
        if text:
            given.append(TextDelta(self._gap + text))
            self._gap, self._spoken = "", True

    def _invented(self, given: list[ChatEvent]) -> None:
        """The site need not be listened to any more."""
        if not self._given:
            self._round.faults.append(_INVENTED)
        self._finish(Finished(FinishReason.STOP), given)
        self._ended = True

    # -- how it ends ----------------------------------------------------------------------------------------

    def _finish(self, end: Finished, given: list[ChatEvent]) -> None:
        faults = self._complaints() if end.reason is FinishReason.STOP else ()
        if self._first is None and faults:
            self._ask_again(faults, end.usage)
        elif self._given:
            self._end(FinishReason.TOOL_CALLS, end.usage, given)
        elif self._use.choice == "required":
            raise ToolNotCalled(
                "The model called no tool that could be carried out, although `tool_choice` asks for one."
                " Ask again, take another model, or let the model choose."
            )
        else:
            self._say(self._in_words(), given)
            self._end(end.reason, end.usage, given)

    def _complaints(self) -> Sequence[Fault]:
        faults = list(self._round.faults)
        if self._round.unmarked:
            faults.append(_UNMARKED)
        if not faults and not self._given and self._use.choice == "required":
            faults.append(_NO_CALL)
        return faults

    def _ask_again(self, faults: Sequence[Fault], usage: Usage | None) -> None:
        answer = Message(Role.ASSISTANT, "".join(self._round.written))
        complaint = Message(
            Role.USER, told_faults(faults, self._use, self._markers, some_given=bool(self._given))
        )
        self._wish = replace(self._asked, messages=(*self._asked.messages, answer, complaint))
        self._usage = usage
        self._first = self._round
        self._round = self._new_round(hold_prose=True)
        self._gap = "\n\n" if self._spoken else ""

    def _in_words(self) -> str:
        """What the client reads when nothing can be carried out."""
        now, first = self._round, self._first
        if first is None:
            return now.unmarked
        if first.unmarked and not first.faults:
            self._gap = ""  # it has its own
            return first.unmarked
        prose = "".join(now.held or ()).strip()
        if prose and not now.faults:
            return prose
        return "\n".join(filter(None, now.broken or first.broken))

    def _end(self, reason: FinishReason, usage: Usage | None, given: list[ChatEvent]) -> None:
        given.append(Finished(reason, _sum(self._usage, usage)))
        self._ended = True

    def _new_round(self, *, hold_prose: bool) -> _Round:
        return _Round(CallReader(self._markers, self._foreign), hold_prose=hold_prose)


def _sum(first: Usage | None, second: Usage | None) -> Usage | None:
    """What both rounds took, if the site told it of both; else what it told."""
    if first is None or second is None:
        return first or second
    return Usage(
        first.prompt_tokens + second.prompt_tokens, first.completion_tokens + second.completion_tokens
    )


def _with_prompt(request: ChatRequest, prompt: str) -> ChatRequest:
    """The prompt at the end of a system prompt that comes first; one of its own if there is none."""
    first = request.messages[0] if request.messages else None
    if first is None or first.role not in (Role.SYSTEM, Role.DEVELOPER):
        return replace(request, messages=(Message(Role.SYSTEM, prompt), *request.messages))
    joined = replace(first, content=f"{first.content}\n\n{prompt}" if first.content.strip() else prompt)
    return replace(request, messages=(joined, *request.messages[1:]))
