"""The installed version as a wheel again, made of the files that its installer has noted: the way back."""

import base64
import csv
import hashlib
import io
import zipfile
from importlib.metadata import Distribution, PackagePath
from pathlib import Path
from typing import Final

# Of the installation, not of the wheel; installers write them anew.
_INSTALLERS: Final = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})


def pack(installed: Distribution, folder: Path) -> Path:
    """Write the wheel into the folder. Raises OSError."""
    wheel = folder / f"lmarena_bridge-{installed.version}-py3-none-any.whl"
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        place = ""
        for file in filter(_belongs, installed.files or ()):
            data = Path(str(file.locate())).read_bytes()
            archive.writestr(file.as_posix(), data)
            rows.writerow((file.as_posix(), f"sha256={_digest(data)}", len(data)))
            place = file.parts[0] if file.parts[0].endswith(".dist-info") else place
        rows.writerow((f"{place}/RECORD", "", ""))
        archive.writestr(f"{place}/RECORD", record.getvalue())
    return wheel


def _belongs(file: PackagePath) -> bool:
    """Scripts lie outside and are made of the entry points; compiled files are made of the sources."""
    is_noted = file.parts[0].endswith(".dist-info") and file.name in _INSTALLERS
    return ".." not in file.parts and "__pycache__" not in file.parts and not is_noted


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
