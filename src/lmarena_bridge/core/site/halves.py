"""Texts that come in pieces, with characters that were cut in half between two of them.

JavaScript cuts strings between UTF-16 units, so an emoji can end one delta as a lone high surrogate and
begin the next as a low one. UTF-8 knows no such halves.
"""

import msgspec


class HalfKeeper(msgspec.Struct):
    """Mends one text, delta by delta."""

    # Half a character that waits for its other half, or nothing.
    held: str = ""

    def mend(self, text: str) -> str:
        """The delta in whole characters; half a character at its end is kept for the next."""
        text = self.held + text
        self.held = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self.held = text[:-1], text[-1]
        return whole(text)

    def flush(self) -> str:
        """What stands for the half that is still held: on its own it is no character."""
        lost, self.held = self.held, ""
        return whole(lost)


def whole(text: str) -> str:
    """The text with the halves of a character put together, and lone ones replaced by U+FFFD."""
    # Most texts have no halves, and the biggest, pictures in base64, are ASCII: Python knows that unread.
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
