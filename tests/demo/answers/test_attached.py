from demo.asking import talk
from lmarena_bridge.demo.answers.attached import about_attachments, described
from lmarena_bridge.demo.conversation import Attachment

PHOTO = Attachment("photo.png", "image/png", 1234)
LINK = Attachment("clip.mp4", "video/mp4", None)


def test_an_attachment_is_described_by_name_type_and_size() -> None:
    assert described(PHOTO) == "photo.png (image/png, 1234 bytes)"
    assert described(LINK) == "clip.mp4 (video/mp4, by link)"


def test_what_came_with_the_question_is_told_unasked() -> None:
    said = about_attachments(talk("Look!", attachments=(PHOTO, LINK)), "en")
    assert said == "You attached 2 files: photo.png (image/png, 1234 bytes), clip.mp4 (video/mp4, by link)."
    assert (about_attachments(talk("Patrz", attachments=(PHOTO,)), "pl") or "").startswith("Załączniki (1): ")


def test_without_attachments_it_speaks_only_when_asked() -> None:
    assert about_attachments(talk("Hello"), "en") is None
    assert about_attachments(talk("What did I attach?"), "en") == "You have attached nothing."
    assert about_attachments(talk("Co załączyłem?"), "pl") == "Nic nie załączono."
    assert about_attachments(talk(("system", "What did I attach?")), "en") is None
