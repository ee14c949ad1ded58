"""How an answer reads as one running text.

Dialects whose answers are plain text all show pictures and sources by this one rule, whether they
stream or not: a picture is a Markdown image in a paragraph of its own, sources are a numbered list
at the end.
"""

import re
from collections.abc import Sequence
from typing import assert_never
from urllib.parse import quote, urlsplit

import msgspec

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
)

# What would end a Markdown link's address early: brackets, blanks, control characters.
_BREAKS_AN_ADDRESS = re.compile(r"[()<>\\\s\x00-\x1f\x7f]")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&]")


class AnswerText(msgspec.Struct):
    """The events of one answer in, pieces of its text out. `lists_sources`: they stand at its end.

    How the model's words are cut into events makes no difference to the text.
    """

    lists_sources: bool = True
    # The two newest pieces: no piece is empty, so they hold the text's last two characters.
    _before: str = ""
    _last: str = ""
    # The blank line a picture still owes to what follows it.
    _gap: str = ""
    # Address → title, in the order of their first mention.
    _sources: dict[str, str] = {}

    def add_words(self, texts: Sequence[str]) -> Sequence[str]:
        """`say` for many texts at once, at least one: what each of them adds."""
        if self._gap:
            texts = (self._gap + texts[0], *texts[1:])
            self._gap = ""
        self._before, self._last = (self._last, *texts[-2:])[-2:]
        return texts

    def say(self, text: str) -> str:
        """`add` for a text of the model's: what it adds."""
        if self._gap:
            text = self._gap + text
            self._gap = ""
        self._before = self._last
        self._last = text
        return text

    def add(self, event: ChatEvent) -> str:
        """What the event adds to the text; "" when nothing."""
        # What nearly all answers are made of. By `match` it would take ten times as long to find that out.
        if type(event) is TextDelta:
            return self.say(event.text)
        if type(event) is Finished:
            return self._end()
        match event:
            case ReasoningDelta() | ToolCallBegun() | ToolArguments():
                return ""
            case ImageProduced(url=url):
                return self._paragraph(f"![image]({_address(url)})")
            case CitationFound(url=url, title=title):
                if self.lists_sources:
                    self._sources.setdefault(url, title)
                return ""
            case _:
                assert_never(event)

    def _paragraph(self, text: str) -> str:
        if not self._gap:
            self._gap = "\n\n"[_newlines_at_end(self._before[-2:] + self._last[-2:]) :] if self._last else ""
        text = self.say(text)
        self._gap = "\n\n"
        return text

    def _end(self) -> str:
        if not self._sources:
            return ""
        lines = [
            f"{number}. {_source(url, title)}" for number, (url, title) in enumerate(self._sources.items(), 1)
        ]
        self._sources = {}
        return self._paragraph("Sources:\n" + "\n".join(lines))


def _newlines_at_end(text: str) -> int:
    return min(2, len(text) - len(text.rstrip("\n")))


def _source(url: str, title: str) -> str:
    shown = _MARKDOWN.sub(r"\\\g<0>", " ".join(title.split()) or _host(url))
    # Only web addresses become links: a source may name anything, `javascript:` included.
    return f"[{shown}]({_address(url)})" if url.lower().startswith(("https://", "http://")) else shown


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def _address(url: str) -> str:
    """The address as it may stand inside `(…)`."""
    if url.startswith("data:"):
        return url  # may be many megabytes, and base64 has nothing to encode
    return _BREAKS_AN_ADDRESS.sub(lambda found: quote(found[0]), url)
