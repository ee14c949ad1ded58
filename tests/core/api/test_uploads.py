import pytest

from lmarena_bridge.core.api.uploads import NO_FILES, uploaded
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

FILE = Attachment("a.txt", "text/plain", "data:text/plain;base64,QQ==")


def test_an_upload_is_found_by_its_id() -> None:
    assert uploaded("file-1", "here", {"file-1": FILE}) is FILE


def test_an_upload_that_is_not_here_is_named() -> None:
    with pytest.raises(InvalidRequest, match="'file-2', and no such file is here") as refused:
        uploaded("file-2", "here", NO_FILES)
    assert refused.value.param == "here"
