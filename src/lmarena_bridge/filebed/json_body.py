"""The JSON of an upload, read while it arrives: `file_data` never is in memory as a whole. Sans-IO.

The text of `file_data` is taken out of the stream; what remains, {"file_data": ""} and the small fields, is
given to a real JSON parser at the end. So this file needs to know of JSON only where strings begin and end.
"""

import re
from typing import Final

import msgspec

from lmarena_bridge.filebed.data_uri import DataUri
from lmarena_bridge.filebed.problems import BadUpload

# Everything but file_data: names and keys are short.
_LARGEST_REST: Final = 64 * 1024
_STRING_END: Final = re.compile(rb'["\\]')
_STRUCTURE: Final = re.compile(rb'["{}\[\]:,]')
_SHORT_ESCAPES: Final = {b"/": b"/", b"n": b"\n", b"r": b"\r", b"t": b"\t"}.items()
_ESCAPE_LENGTH: Final = 6


class _Fields(msgspec.Struct, frozen=True):
    file_data: str
    file_name: str | None = None
    api_key: str | None = None


class JsonBody:
    """Takes the body in pieces, gives the file in pieces. `api_key` is known at the end."""

    def __init__(self) -> None:
        self.api_key = ""
        self._uri = DataUri()
        self._rest = bytearray()
        self._depth = 0
        self._string_start: int | None = None  # in _rest; None outside of strings
        self._last_string = b""
        self._is_file_value = False
        self._in_file = False
        self._file_seen = False
        self._held = b""  # an escape that is not complete yet

    @property
    def content_type(self) -> str:
        """As the data: URI declares it."""
        return self._uri.content_type

    def feed(self, data: bytes) -> bytes:
        """The bytes of the file that are complete now. Raises BadUpload."""
        data, self._held = self._held + data, b""
        out: list[bytes] = []
        at = 0
        while at < len(data):
            if self._in_file:
                piece, at = self._file_text(data, at)
                out.append(self._uri.feed(piece))
            elif self._string_start is not None:
                at = self._string(data, at)
            else:
                at = self._between(data, at)
        return b"".join(out)

    def finish(self) -> None:
        """Nothing more comes. Raises BadUpload if the body is no such upload, or not whole."""
        try:
            fields = msgspec.json.decode(bytes(self._rest), type=_Fields)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadUpload(f"The body is not the JSON of an upload: {error}.") from error
        if not self._file_seen:
            raise BadUpload("file_data must be a data: URI in base64.")
        self._uri.finish()
        self.api_key = fields.api_key or ""

    def _keep(self, data: bytes) -> None:
        self._rest += data
        if len(self._rest) > _LARGEST_REST:
            raise BadUpload("The JSON beside file_data is too long.")

    def _between(self, data: bytes, at: int) -> int:
        found = _STRUCTURE.search(data, at)
        if found is None:
            self._keep(data[at:])
            return len(data)
        self._keep(data[at : found.end()])
        self._structure(found[0])
        return found.end()

    def _structure(self, character: bytes) -> None:
        if character == b'"':
            if self._is_file_value:
                self._begin_file()
            else:
                self._string_start = len(self._rest)
            return
        self._depth += (character in b"{[") - (character in b"}]")
        self._is_file_value = character == b":" and self._depth == 1 and self._last_string == b"file_data"

    def _begin_file(self) -> None:
        if self._file_seen:
            raise BadUpload("file_data is there twice; one upload is one file.")
        self._in_file = self._file_seen = True
        self._is_file_value = False

    def _string(self, data: bytes, at: int) -> int:
        found = _STRING_END.search(data, at)
        if found is None:
            self._keep(data[at:])
            return len(data)
        if found[0] == b'"':
            self._keep(data[at : found.end()])
            self._last_string = bytes(self._rest[self._string_start : -1])
            self._string_start = None
            return found.end()
        if found.end() == len(data):
            self._keep(data[at : found.start()])
            self._held = b"\\"
            return len(data)
        self._keep(data[at : found.end() + 1])
        return found.end() + 1

    def _file_text(self, data: bytes, at: int) -> tuple[bytes, int]:
        found = _STRING_END.search(data, at)
        if found is None:
            return data[at:], len(data)
        if found[0] == b'"':
            self._in_file = False
            self._keep(b'"')
            return data[at : found.start()], found.end()
        if at < found.start():
            return data[at : found.start()], found.start()
        return self._escape(data, at)

    def _escape(self, data: bytes, at: int) -> tuple[bytes, int]:
        """What an escape stands for. Some programs write / and + so."""
        for short, meaning in _SHORT_ESCAPES:
            if data[at + 1 : at + 2] == short:
                return meaning, at + 2
        long = data[at : at + _ESCAPE_LENGTH]
        if len(long) < _ESCAPE_LENGTH and b"\\u".startswith(long[:2]):
            self._held = long
            return b"", len(data)
        if re.fullmatch(rb"\\u00[0-7][0-9A-Fa-f]", long):
            return bytes([int(long[2:], 16)]), at + _ESCAPE_LENGTH
        raise BadUpload("file_data holds characters that no data: URI has.")
