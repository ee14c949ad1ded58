"""How a text falls into tokens, by the vocabulary of OpenAI's newer models (o200k).

Which vocabulary a model behind the site has is not known; others come within some percent of this one. It
takes 44 MB of memory and a tenth of a second to load, which is less than other libraries with the same
vocabulary take (67 MB and more, 2026-11-26); it is loaded when it is first needed.
If it cannot be loaded then (no free files, no memory), counts are estimated by length, for no answer may fail
over its count, and the next count tries again.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Final, Protocol

import structlog

from lmarena_bridge.core.errors import NoTokenizer

# How many bytes of UTF-8 a token has on average: English has a little over four, other languages more.
_BYTES_OF_A_TOKEN: Final = 4

# Characters that are counted in less than the time which going to a thread takes: 30 µs, of text without any
# sense half a millisecond (2026-11-25).
_SHORT: Final = 4096

# What all special tokens of the vocabulary begin with.
_SPECIAL: Final = "<|"
# How many bytes a token has that is given with others as one piece.
_FLAT_BYTES: Final = 4

_log = structlog.get_logger(__name__)


class Vocabulary(Protocol):
    """What `splintr` loads."""

    def encode_ordinary(self, text: str, /) -> list[int]: ...
    def encode_flat(self, text: str, /) -> bytes: ...
    def decode_bytes(self, tokens: list[int], /) -> bytes: ...


def o200k() -> Vocabulary:
    """The vocabulary, from the files of its package."""
    import splintr

    return splintr.Tokenizer.from_pretrained("o200k_base")


class Tokenizer:
    """A vocabulary that is loaded."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def count(self, text: str) -> int:
        """How many tokens the text has; what looks like a special token is text like any other."""
        if _SPECIAL in text:
            return len(self._vocabulary.encode_ordinary(text))
        # The same tokens, none of them made a number: 2,400 characters in 13 µs, not 20 (2026-11-26).
        return len(self._vocabulary.encode_flat(text)) // _FLAT_BYTES

    def head(self, text: str, tokens: int) -> str:
        """The longest beginning of whole characters that has no more than so many tokens."""
        kept = self._vocabulary.encode_ordinary(text)[:tokens]
        return bytes(self._vocabulary.decode_bytes(kept)).decode("utf-8", "ignore")


class Tokens:
    """The one tokenizer of a server."""

    def __init__(self, load: Callable[[], Vocabulary] = o200k) -> None:
        self._load_vocabulary = load
        self._tokenizer: Tokenizer | None = None
        self._loading = threading.Lock()

    async def tokenizer(self) -> Tokenizer:
        """Loaded beside the event loop, once. Raises NoTokenizer."""
        return await asyncio.to_thread(self._load) if self._tokenizer is None else self._tokenizer

    async def counts(self, *texts: str) -> list[int]:
        """How many tokens each text has, estimated if they cannot be counted. Long ones stop nobody."""
        try:
            tokenizer = await self.tokenizer()
        except NoTokenizer as error:
            _log.warning("tokens are estimated by the length of the text", reason=error.message)
            return [-(-len(text.encode(errors="replace")) // _BYTES_OF_A_TOKEN) for text in texts]
        if sum(map(len, texts)) <= _SHORT:
            return list(map(tokenizer.count, texts))
        return await asyncio.to_thread(lambda: list(map(tokenizer.count, texts)))

    def _load(self) -> Tokenizer:
        with self._loading:
            loaded = self._tokenizer
            if loaded is None:
                try:
                    loaded = self._tokenizer = Tokenizer(self._load_vocabulary())
                except Exception as error:
                    raise _no_tokenizer(error) from error
            return loaded


def _no_tokenizer(error: Exception) -> NoTokenizer:
    return NoTokenizer(
        f"Tokens cannot be counted on the computer of the bridge: the vocabulary does not load ({error}). "
        "See there to what it lacks (free files: `ulimit -n`; memory; a whole installation), or ask without "
        "a limit of tokens, where the API lets you."
    )
