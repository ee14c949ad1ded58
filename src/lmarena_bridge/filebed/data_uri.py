"""A data: URI in base64, decoded while it arrives. Sans-IO."""

import binascii
import re
from typing import Final

from lmarena_bridge.filebed.problems import BadUpload

_LONGEST_HEADER: Final = 1024
_WHITE: Final = re.compile(rb"[ \t\r\n]+")
_HEADER: Final = re.compile(rb"data:([^;,]*)((?:;[^;,]*)*);base64", re.IGNORECASE)


class DataUri:
    """Takes the URI in pieces, gives the file in pieces; holds at most a header and three characters."""

    def __init__(self) -> None:
        self.content_type = ""
        self._header_read = False
        self._rest = b""
        self._ended = False

    def feed(self, text: bytes) -> bytes:
        """The bytes that are complete now. Raises BadUpload."""
        if not self._header_read:
            text = self._read_header(text)
        return self._decode(text) if self._header_read else b""

    def finish(self) -> None:
        """Nothing more comes. Raises BadUpload if something is missing."""
        if not self._header_read:
            raise BadUpload("file_data must be a data: URI, like data:image/png;base64,iVBOR…")
        if self._rest:
            raise BadUpload("The base64 of file_data is cut off: its length is no multiple of four.")

    def _read_header(self, text: bytes) -> bytes:
        header, comma, data = (self._rest + text).partition(b",")
        if not comma and len(header) <= _LONGEST_HEADER:
            self._rest = header
            return b""
        found = _HEADER.fullmatch(header.strip()[:_LONGEST_HEADER])
        if found is None:
            raise BadUpload("file_data must be a data: URI in base64, like data:image/png;base64,iVBOR…")
        self.content_type = found[1].decode("latin-1")
        self._header_read, self._rest = True, b""
        return data

    def _decode(self, text: bytes) -> bytes:
        text = self._rest + _WHITE.sub(b"", text)
        whole = len(text) - len(text) % 4
        text, self._rest = text[:whole], text[whole:]
        if not text:
            return b""
        if self._ended:
            raise BadUpload("The base64 of file_data goes on behind its end.")
        self._ended = text.endswith(b"=")
        try:
            return binascii.a2b_base64(text, strict_mode=True)
        except binascii.Error as error:
            raise BadUpload(f"The base64 of file_data is damaged: {error}.") from error
