"""How a text falls into tokens, by the vocabulary of OpenAI's newer models (o200k).

Which vocabulary a model behind the site has is not known; others come within some percent of this one. It
takes 40 MB of memory and a fifth of a second to load (2026-11-25), so it is loaded when it is first needed.
"""

import asyncio
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from splintr import AnyTokenizer


class Tokenizer:
    """A vocabulary that is loaded."""

    def __init__(self, vocabulary: "AnyTokenizer") -> None:
        self._vocabulary = vocabulary

    def count(self, text: str) -> int:
        """How many tokens the text has; what looks like a special token is text like any other."""
        return len(self._vocabulary.encode_ordinary(text))

    def head(self, text: str, tokens: int) -> str:
        """The longest beginning of whole characters that has no more than so many tokens."""
        kept = self._vocabulary.encode_ordinary(text)[:tokens]
        return bytes(self._vocabulary.decode_bytes(kept)).decode("utf-8", "ignore")


class Tokens:
    """The one tokenizer of a server."""

    def __init__(self) -> None:
        self._tokenizer: Tokenizer | None = None
        self._loading = threading.Lock()

    async def tokenizer(self) -> Tokenizer:
        """Loaded beside the event loop, once."""
        return await asyncio.to_thread(self._load) if self._tokenizer is None else self._tokenizer

    async def counts(self, *texts: str) -> list[int]:
        """How many tokens each text has, counted beside the event loop."""
        tokenizer = await self.tokenizer()
        return await asyncio.to_thread(lambda: [tokenizer.count(text) for text in texts])

    def _load(self) -> Tokenizer:
        with self._loading:
            loaded = self._tokenizer
            if loaded is None:
                import splintr

                loaded = self._tokenizer = Tokenizer(splintr.Tokenizer.from_pretrained("o200k_base"))
            return loaded
