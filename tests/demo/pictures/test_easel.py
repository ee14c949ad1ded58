import base64
import json

from demo.asking import talk
from lmarena_bridge.demo.conversation import Attachment, Conversation
from lmarena_bridge.demo.directives import read_directives
from lmarena_bridge.demo.pictures.easel import Easel
from lmarena_bridge.demo.pictures.painter import Picture, paint

ASKED = talk("a boat")


def painted(directives: str = "", asked: Conversation = ASKED) -> tuple[list[str], list[Picture]]:
    shown: list[Picture] = []

    def link(picture: Picture, expired: bool) -> str:
        shown.append(picture)
        return f"https://x/{expired}"

    return list(Easel(link).paint(asked, read_directives(directives), "b")), shown


def test_heartbeats_come_before_the_picture() -> None:
    lines, shown = painted()
    assert set(lines[:-1]) == {'b2:[{"type":"heartbeat"}]\n'}
    assert '"image":"https://x/False"' in lines[-1]
    assert shown == [Picture("a boat")]


def test_several_pictures_differ_in_their_number() -> None:
    _, shown = painted("#arena:images=3")
    assert [picture.number for picture in shown] == [0, 1, 2]


def test_a_link_can_be_dead_from_the_start() -> None:
    assert '"https://x/True"' in painted("#arena:expired")[0][-1]


def test_a_picture_can_come_in_the_stream_itself() -> None:
    whole = base64.b64encode(paint(Picture("a boat"))).decode("ascii")
    inline, file = painted("#arena:inline")[0][-1], painted("#arena:file")[0][-1]
    assert json.loads(inline[3:])[0] == {"type": "image", "data": whole, "mimeType": "image/png"}
    assert file.startswith("bk:") and json.loads(file[3:])["data"] == whole


def test_what_came_along_is_noted_in_the_picture() -> None:
    asked = talk("blue", attachments=(Attachment("a.png", "image/png", 4),))
    assert painted(asked=asked)[1] == [Picture("blue", ("with a.png (image/png)",))]
