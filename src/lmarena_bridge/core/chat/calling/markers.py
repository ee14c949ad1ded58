"""The signs by which calls and results are told from text. They carry a nonce that is new in each request.

    answer = *( prose | call )
    call   = [ fence ] open value [ close ] [ fence ]
    open   = "<tool_call_" NONCE ">"
    close  = "</tool_call_" NONCE ">"
    value  = {"name": NAME, "arguments": OBJECT}    JSON, read as `loose_json.py` says
    fence  = a line that begins with ``` and may name a language

What the reader (`reader.py`) takes besides: anything between `open` and the value (attributes, a name),
several values between two markers or in a list, a `close` without the nonce or none at all behind a value
that is whole.

**Only a marker with the nonce makes a call.** A page, a file or a user cannot know it, so nothing they
contain can become a call when a model repeats it, in whatever form. Calls that a model writes in another form
are never carried out; if they end an answer, the model is asked to write them properly (`rounds.py`).

    result = "<tool_result_" NONCE ATTRIBUTES ">" text "</tool_result_" NONCE ">"

stands only in what is sent. In an answer it means that the model goes on to invent what the tool returns; the
answer ends there.
"""

import re
from dataclasses import dataclass
from typing import Final

_NONCE: Final = re.compile(r"[0-9a-z]{6,32}")
LENGTH: Final = 8


@dataclass(frozen=True, slots=True)
class Markers:
    """The markers of one request. `nonce`: small letters and digits that nobody can foresee."""

    nonce: str

    def __post_init__(self) -> None:
        if not _NONCE.fullmatch(self.nonce):
            raise ValueError("a nonce has six or more small letters and digits")

    @property
    def open(self) -> str:
        return f"<tool_call_{self.nonce}>"

    @property
    def close(self) -> str:
        return f"</tool_call_{self.nonce}>"

    @property
    def result(self) -> str:
        """The beginning of a result's marker; attributes follow."""
        return f"<tool_result_{self.nonce}"

    @property
    def result_close(self) -> str:
        return f"</tool_result_{self.nonce}>"


def markers(new_id: str) -> Markers:
    """The markers whose nonce is the beginning of an id that nobody can foresee, like a UUID."""
    return Markers(new_id.replace("-", "").lower()[:LENGTH])
