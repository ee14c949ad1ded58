"""What a reader finds in an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prose:
    """A piece of what the model says; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A call as the model wrote it: its JSON, unless there is a `fault`; `hint` is a name before it."""

    text: str
    value: object = None
    hint: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Unmarked:
    """An end of the answer that looks like a call, but has no marker with the nonce."""

    text: str


@dataclass(frozen=True, slots=True)
class Invented:
    """The model goes on with what the tool returns. Nothing is read after it."""


Found = Prose | Written | Unmarked | Invented
