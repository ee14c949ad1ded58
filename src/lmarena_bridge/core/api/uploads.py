"""Files that a client uploaded before and names in a request by their ids."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

Files = Mapping[str, Attachment]
NO_FILES: Final[Files] = MappingProxyType({})


def uploaded(file_id: str, place: str, files: Files) -> Attachment:
    """The file of this id; `place` is where the request names it. Raises InvalidRequest."""
    if file_id not in files:
        raise InvalidRequest(
            f"`{place}` is {file_id[:80]!r}, and no such file is here. Upload it with POST /v1/files; what "
            "was uploaded is listed by GET /v1/files.",
            param=place,
        )
    return files[file_id]
