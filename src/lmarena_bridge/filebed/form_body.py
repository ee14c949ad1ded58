"""multipart/form-data of an upload, read while it arrives. Sans-IO.

One part with a file name is the file; the field `api_key` is the key; other fields are passed over. The
client's file name is not even looked at.
"""

from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from lmarena_bridge.filebed.problems import BadUpload

_LARGEST_FIELD: Final = 64 * 1024
_MOST_PARTS: Final = 32


class FormBody:
    """Takes the body in pieces, gives the file in pieces. `api_key` is known at the end."""

    def __init__(self, boundary: bytes) -> None:
        self.content_type = ""
        self._file_seen = False
        self._ended = False
        self._parts = 0
        self._headers: dict[str, str] = {}
        self._field = bytearray()
        self._value = bytearray()
        self._name = ""
        self._key = bytearray()
        self._pieces: list[bytes] = []
        self._parser = _parser(boundary, self)

    @property
    def api_key(self) -> str:
        return self._key.decode("utf-8", errors="replace").strip()

    def feed(self, data: bytes) -> bytes:
        """The bytes of the file that are complete now. Raises BadUpload."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise BadUpload(f"The multipart body is broken: {error}.") from error
        out, self._pieces = b"".join(self._pieces), []
        return out

    def finish(self) -> None:
        """Nothing more comes. Raises BadUpload if the body is not whole."""
        if not self._ended:
            raise BadUpload("The multipart body is cut off: its last boundary is missing.")
        if not self._file_seen:
            raise BadUpload("The multipart body holds no file: one part must have a filename.")

    # -- what the parser calls ---------------------------------------------------------------------------

    def on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise BadUpload(f"The multipart body has more than {_MOST_PARTS} parts.")
        self._headers = {}

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        self._headers[self._field.decode("latin-1").lower()] = self._value.decode("latin-1")
        self._field, self._value = bytearray(), bytearray()

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", ""))
        self._name = "file" if b"filename" in options else options.get(b"name", b"").decode("latin-1")
        if b"filename" not in options:
            if self._name == "file":
                self._name = ""
            return
        if self._file_seen:
            raise BadUpload("The multipart body holds two files; one upload is one file.")
        self._file_seen = True
        self.content_type = self._headers.get("content-type", "")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._name == "file":
            self._pieces.append(data[start:end])
        elif self._name == "api_key":
            self._key += data[start:end]
            if len(self._key) > _LARGEST_FIELD:
                raise BadUpload("The field api_key is too long.")

    def on_end(self) -> None:
        self._ended = True


def boundary_of(content_type: str) -> bytes:
    """The boundary that the Content-Type names. Raises BadUpload."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not 0 < len(boundary) <= 70:  # RFC 2046, 5.1.1
        raise BadUpload("The Content-Type multipart/form-data needs a boundary of 1 to 70 characters.")
    return boundary


def _parser(boundary: bytes, body: FormBody) -> MultipartParser:
    return MultipartParser(
        boundary,
        {
            "on_part_begin": body.on_part_begin,
            "on_header_field": body.on_header_field,
            "on_header_value": body.on_header_value,
            "on_header_end": body.on_header_end,
            "on_headers_finished": body.on_headers_finished,
            "on_part_data": body.on_part_data,
            "on_end": body.on_end,
        },
    )
