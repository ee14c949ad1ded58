"""What a publisher needs besides the wheel: a key, and a signed manifest (docs/updates.md).

python -m scripts.release key release.key
python -m scripts.release sign dist/lmarena_bridge-1.2.3-py3-none-any.whl --key release.key
"""

import argparse
import base64
import hashlib
import os
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from lmarena_bridge.core.releases.manifest import (
    DOMAIN,
    MAX_WHEEL_BYTES,
    Release,
    manifest,
    read_manifest,
    signed_text,
    wheel_name,
)
from lmarena_bridge.core.releases.version import Version, released
from lmarena_bridge.outbound.signatures import signed_with

DAY = 86_400


def main() -> None:
    options = arguments().parse_args()
    if options.command == "key":
        make_key(options.file)
    else:
        sign(options.wheel, options.key, options.notes, options.days)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.release")
    commands = parser.add_subparsers(dest="command", required=True)
    key = commands.add_parser("key", help="make a key; print its public half")
    key.add_argument("file", type=Path, help="where the private half is kept, for nobody else to read")
    signing = commands.add_parser("sign", help="write manifest.json beside a wheel")
    signing.add_argument("wheel", type=Path)
    signing.add_argument("--key", type=Path, action="append", required=True, help="several while keys change")
    signing.add_argument("--notes", type=Path, help="a text file: what is new")
    signing.add_argument("--days", type=int, default=90, help="how long it may be believed (90)")
    return parser


def make_key(file: Path) -> None:
    private = Ed25519PrivateKey.generate()
    data = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
    except FileExistsError:
        sys.exit(f"{file} is there already: a key is never written over.")
    print(f'"update_public_key": "{public(private)}"')


def sign(wheel: Path, keys: list[Path], notes: Path | None, days: int) -> None:
    release = release_of(wheel, notes.read_text(encoding="utf-8") if notes else "", days)
    text, private = signed_text(release), [read_key(key) for key in keys]
    data = manifest(text, [key.sign(DOMAIN + text.encode()) for key in private])
    for key in private:  # as those who look will read it
        read_manifest(data, signed_with(key.public_key().public_bytes_raw()), time.time())
    target = wheel.with_name("manifest.json")
    target.write_bytes(data)
    print(f"{target} written: version {release.version}, for {days} days, signed by")
    for key in private:
        print(f"  {public(key)}")


def release_of(wheel: Path, notes: str, days: int) -> Release:
    data, version, now = wheel.read_bytes(), version_of(wheel), int(time.time())
    if len(data) > MAX_WHEEL_BYTES:
        sys.exit(f"{wheel} is larger than {MAX_WHEEL_BYTES // 1024**2} MiB.")
    digest = hashlib.sha256(data).hexdigest()
    return Release(version, wheel.name, len(data), digest, now, now + days * DAY, notes)


def version_of(wheel: Path) -> Version:
    try:
        version = released(wheel.name.split("-")[1])
    except (IndexError, ValueError):
        sys.exit(f"{wheel.name} is no wheel of a version like 1.2.3.")
    if wheel.name != wheel_name(version):
        sys.exit(f"{wheel.name} is not named {wheel_name(version)}.")
    return version


def read_key(file: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        sys.exit(f"{file} is no key of Ed25519.")
    return key


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


if __name__ == "__main__":
    main()
