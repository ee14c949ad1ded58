import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from lmarena_bridge.storage.saved_pictures import Origin, SavedPictures

MOMENT = datetime(2026, 11, 24, 3, 15, 22, 999_999, timezone(timedelta(hours=1)))


def test_a_picture_lies_in_the_folder_of_its_day_with_what_it_is_beside_it(tmp_path: Path) -> None:
    path = SavedPictures(tmp_path).save(b"picture", "png", Origin("lis w „Łodzi”\n🦊", "a-model", MOMENT))
    assert path.parent == tmp_path / "2026-11-24"
    assert path.name.startswith("031522-")
    assert path.read_bytes() == b"picture"
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8")) == {
        "file": path.name,
        "prompt": "lis w „Łodzi”\n🦊",
        "model": "a-model",
        "time": "2026-11-24T03:15:22+01:00",
    }


def test_pictures_of_one_second_do_not_meet_and_the_same_one_is_saved_once(tmp_path: Path) -> None:
    saved = SavedPictures(tmp_path)
    origin = Origin("x", "m", MOMENT)
    first, other, again = (saved.save(data, "png", origin) for data in (b"one", b"two", b"one"))
    assert first == again != other
    assert len(list(first.parent.iterdir())) == 4


def test_half_of_a_character_in_a_prompt_is_no_trouble(tmp_path: Path) -> None:
    path = SavedPictures(tmp_path).save(b"x", "png", Origin("\ud83d", "m", MOMENT.astimezone(UTC)))
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["prompt"] == "?"
