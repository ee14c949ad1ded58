"""Records of a text/event-stream (server-sent events), as bytes ready for the socket."""

KEEP_ALIVE = b": keep-alive\n\n"
DONE = b"data: [DONE]\n\n"

# UTF-8 of the characters that some clients take for line ends although the format does not: httpx's
# and requests' line readers follow str.splitlines (measured 2026-11-22, reliability.md fact 10).
_LINE_ENDS = (
    (b"\xe2\x80\xa8", b"\\u2028"),
    (b"\xe2\x80\xa9", b"\\u2029"),
    (b"\xc2\x85", b"\\u0085"),
)


def record(data: bytes | str) -> bytes:
    """One record with this JSON, which has no line ends outside of strings, as its data."""
    return b"data: %b\n\n" % escape(data.encode("utf-8") if isinstance(data, str) else data)


def event(name: bytes, data: bytes) -> bytes:
    """One record with a name and this JSON as its data."""
    return b"event: %b\ndata: %b\n\n" % (name, escape(data))


def escape(json: bytes) -> bytes:
    """JSON, or records that hold JSON, with every character escaped that a client may take for a line end."""
    # Nearly all text has neither of their first bytes, and looking for one byte is the quickest of all.
    if 0xE2 in json or 0xC2 in json:
        for character, escaped in _LINE_ENDS:
            json = json.replace(character, escaped)
    return json
