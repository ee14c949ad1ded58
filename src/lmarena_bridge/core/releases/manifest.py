"""The manifest of a release: JSON in a text, so that what was signed is what is read, and the signatures.

    {"signed": "{\"version\": \"1.2.3\", …}", "signatures": ["base64 of Ed25519", …]}

One good signature is enough; there may be several while a publisher changes keys. Version, dates, size and
hash stand in what is signed, so that an old, an endless or an exchanged file is found out (the attacks are
those of The Update Framework's papers, https://theupdateframework.io).
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from lmarena_bridge.core.releases.errors import NotTrusted
from lmarena_bridge.core.releases.version import Version, released

# What is signed begins with this: a signature of the same key under anything else is none of a release.
DOMAIN: Final = b"lmarena-bridge release v1\n"
MAX_MANIFEST_BYTES: Final = 64 * 1024
MAX_WHEEL_BYTES: Final = 64 * 1024 * 1024

_MOST_SIGNATURES: Final = 8
_LONGEST_NOTES: Final = 4000
# A clock may be wrong by this. In seconds.
_SLACK: Final = 86_400
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)

# Whether a signature of this text is by the key one trusts.
IsSigned = Callable[[bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Release:
    """`file`: the wheel, beside the manifest. `issued`, `expires`: seconds since 1970."""

    version: Version
    file: str
    size: int
    sha256: str
    issued: int
    expires: int
    notes: str = ""


class _Signed(msgspec.Struct, kw_only=True):
    version: str
    file: str
    size: Annotated[int, msgspec.Meta(ge=1, le=MAX_WHEEL_BYTES)]
    sha256: str
    issued: int
    expires: int
    notes: str = ""


class _Manifest(msgspec.Struct):
    signed: str
    signatures: Annotated[list[str], msgspec.Meta(max_length=_MOST_SIGNATURES)]


def read_manifest(raw: bytes, is_signed: IsSigned, now: float) -> Release:
    """The release, if it may be believed. `now`: seconds since 1970. Raises NotTrusted."""
    if len(raw) > MAX_MANIFEST_BYTES:
        raise NotTrusted(f"The manifest is larger than {MAX_MANIFEST_BYTES // 1024} KiB.")
    try:
        manifest = msgspec.json.decode(raw, type=_Manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotTrusted("What stands at update_url is no manifest of a release.") from error
    text = manifest.signed.encode("utf-8", "surrogatepass")
    if not any(is_signed(DOMAIN + text, _bytes(each)) for each in manifest.signatures):
        raise NotTrusted(
            "The manifest is not signed with your update_public_key: it may be forged, or the publisher has "
            "a new key; ask them."
        )
    return _in_time(_release(text), now)


def signed_text(release: Release) -> str:
    """What is signed, behind DOMAIN."""
    return msgspec.json.encode(
        _Signed(
            version=str(release.version),
            file=release.file,
            size=release.size,
            sha256=release.sha256,
            issued=release.issued,
            expires=release.expires,
            notes=release.notes,
        )
    ).decode()


def manifest(signed: str, signatures: list[bytes]) -> bytes:
    """The file that is published."""
    told = [base64.b64encode(each).decode() for each in signatures]
    return msgspec.json.format(msgspec.json.encode(_Manifest(signed, told)), indent=2) + b"\n"


def wheel_name(version: Version) -> str:
    """The one name that the wheel of a version has: it says nothing else, and leads nowhere."""
    return f"lmarena_bridge-{version}-py3-none-any.whl"


def _bytes(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _release(text: bytes) -> Release:
    try:
        said = msgspec.json.decode(text, type=_Signed)
        version = released(said.version)
    except (msgspec.DecodeError, ValueError) as error:
        raise NotTrusted(f"The manifest is signed, but not as this version reads it: {error}") from error
    if said.file != wheel_name(version) or not _SHA256.fullmatch(said.sha256):
        raise NotTrusted("The manifest is signed, but names its file or hash as no release does.")
    notes = _harmless(said.notes)
    return Release(version, said.file, said.size, said.sha256, said.issued, said.expires, notes)


def _harmless(notes: str) -> str:
    """Lines of text: nothing that a terminal would obey, and no end of it."""
    lines = ("".join(each for each in line if each.isprintable()) for line in notes.splitlines())
    return "\n".join(lines)[:_LONGEST_NOTES].strip()


def _in_time(release: Release, now: float) -> Release:
    if now > release.expires:
        raise NotTrusted(
            "The manifest has expired: somebody may keep newer releases from you, or the publisher has not "
            "renewed it. (Is this computer's clock right?)"
        )
    if now < release.issued - _SLACK:
        raise NotTrusted("The manifest is from the future: this computer's clock is wrong.")
    return release
