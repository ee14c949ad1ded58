"""Pictures as bytes: which kinds we pass on, told by their first bytes and by nothing else."""

from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

# Kinds that browsers show and that can run nothing: no SVG.
EXTENSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "image/png": "png",
        "image/jpeg": "jpg",
        "image/webp": "webp",
        "image/gif": "gif",
        "image/avif": "avif",
    }
)

_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of one of the kinds above."""

    data: bytes
    content_type: str


def picture(data: bytes) -> Picture | None:
    """The bytes as a picture; None if they are none that we know."""
    kind = _kind(data)
    return None if kind is None else Picture(data, kind)


def picture_in(data_uri: str) -> Picture | None:
    """The picture that a data: URI in base64 holds; None if it holds none that we know."""
    head, comma, payload = data_uri.partition(";base64,")
    if not comma or not head.startswith("data:"):
        return None
    try:
        # The site's own line may lack the padding.
        return picture(a2b_base64(payload + "=" * (-len(payload) % 4)))
    except (NotBase64, ValueError):
        return None


def _kind(data: bytes) -> str | None:
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _AVIF_BRANDS:
        return "image/avif"
    return None
