"""Texts that come in pieces, with characters that were cut in half between two of them.

JavaScript cuts strings between UTF-16 units, so an emoji can end one delta as a lone high surrogate and
begin the next as a low one. UTF-8 knows no such halves.
"""


class HalfKeeper:
    """Mends one text, delta by delta."""

    __slots__ = ("_half",)

    def __init__(self) -> None:
        self._half = ""

    @property
    def holds(self) -> bool:
        """Whether half a character waits for its other half."""
        return self._half != ""

    def mend(self, text: str) -> str:
        """The delta in whole characters; half a character at its end is kept for the next."""
        text = self._half + text
        self._half = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return whole(text)

    def flush(self) -> str:
        """What stands for the half that is still held: on its own it is no character."""
        lost, self._half = self._half, ""
        return whole(lost)


def whole(text: str) -> str:
    """The text with the halves of a character put together, and lone ones replaced by U+FFFD."""
    # Most texts have no halves, and the biggest, pictures in base64, are ASCII: Python knows that unread.
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
