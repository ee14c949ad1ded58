"""`models add`: what becomes of models.json, and what the person is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.demo.catalogue import site_models as arena_objects
from lmarena_bridge.storage.available_models import available_models_path, write_available_models
from lmarena_bridge.storage.home import Home, prepare_home
from support.command import Done, command
from support.terminal import terminal

CHAT, PAINTER = "019ade00-0001-7a00-8a00-000000000001", "019ade00-0001-7a00-8a00-000000000004"
FROM_TEXT, FROM_IMAGE = "019ade00-0001-7a00-8a00-0000000000a2", "019ade00-0001-7a00-8a00-0000000000a3"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = prepare_home(tmp_path / "home")
    write_available_models(home, arena_objects())
    home.models.write_text("{}", encoding="utf-8")
    return home


def add(home: Home, *arguments: str) -> Done:
    return command("models", "add", "--home", str(home.path), *arguments)


def mapped(home: Home) -> Any:
    return json.loads(home.models.read_text(encoding="utf-8"))


def test_models_are_added_by_name_and_by_id(home: Home) -> None:
    done = add(home, "demo-chat", "DEMO-PAINTER", FROM_IMAGE)
    assert (done.code, done.err) == (0, "")
    assert mapped(home) == {
        "demo-chat": CHAT,
        "demo-painter": f"{PAINTER}:image",
        "demo-video-image": f"{FROM_IMAGE}:video",
    }
    assert done.out.splitlines() == [
        f"  + demo-chat  {CHAT}",
        f"  + demo-painter  {PAINTER}:image",
        f"  + demo-video-image  {FROM_IMAGE}:video",
        "models.json: 3 added.",
        "Without a session of its own: demo-chat, demo-painter, demo-video-image. To capture one:",
        "  lmarena-bridge session capture --model demo-chat",
    ]


def test_everything_else_in_the_file_stays(home: Home) -> None:
    text = '// mine\r\n{\r\n  "a": "1", // note\r\n}\r\n'
    home.models.write_bytes(text.encode())
    assert add(home, "demo-chat").code == 0
    data = home.models.read_bytes().decode()
    assert data.startswith('// mine\r\n{\r\n  "a": "1", // note\r\n')
    assert f'"demo-chat": "{CHAT}"' in data


def test_all_are_added_and_none_is_lost_to_a_shared_name(home: Home) -> None:
    done = add(home, "--all")
    assert "12 added" in done.out
    assert {value.split(":")[0] for value in mapped(home).values()} == {
        each["id"] for each in arena_objects()
    }
    assert add(home, "--all").out == "models.json: 12 already there.\n"


@pytest.mark.parametrize(("kind", "names"), [("image", ["demo-painter"]), ("SEARCH", ["demo-search"])])
def test_all_of_a_type_are_added(home: Home, kind: str, names: list[str]) -> None:
    assert add(home, "--type", kind).code == 0
    assert list(mapped(home)) == names


def test_chat_is_another_word_for_text(home: Home) -> None:
    assert add(home, "--all", "--type", "chat").code == 0
    assert len(mapped(home)) == 8


def test_a_type_that_no_model_has_is_told(home: Home) -> None:
    done = add(home, "--type", "music")
    assert done.code == 1
    assert "image, search, text, video" in done.err


def test_unknown_names_are_all_told_and_then_nothing_is_added(home: Home) -> None:
    done = add(home, "demo-chat", "demo-chatt", "zzzz")
    assert done.code == 1
    assert "'demo-chatt'. Did you mean 'demo-chat'" in done.err
    assert "'zzzz'" in done.err
    assert mapped(home) == {}


def test_a_name_that_two_models_have_must_be_said_more_exactly(home: Home) -> None:
    done = add(home, "demo-video")
    assert done.code == 1
    assert f"demo-video-text  {FROM_TEXT}" in done.err
    assert f"demo-video-image  {FROM_IMAGE}" in done.err
    assert mapped(home) == {}


def test_what_the_person_has_set_up_stays(home: Home) -> None:
    home.models.write_text(
        json.dumps({"demo-chat": "null", "mine": PAINTER, "demo-search": "gone"}), encoding="utf-8"
    )
    done = add(home, "demo-chat", "demo-painter", "demo-search")
    assert mapped(home) == {
        "demo-chat": "null",
        "mine": PAINTER,
        "demo-search": "019ade00-0001-7a00-8a00-000000000003:search",
    }
    assert "  ! demo-chat stands for something else in models.json and stays." in done.out
    assert done.out.endswith("models.json: 1 renewed, 1 already there, 1 left as they are.\n")
    assert done.out.startswith("  ~ demo-search")


def test_names_are_said_so_that_they_can_be_typed(home: Home) -> None:
    done = add(home, "stealth-{otter}")
    assert done.out.splitlines()[-1] == '  lmarena-bridge session capture --model "stealth-{otter}"'


def test_models_with_sessions_need_no_other(home: Home) -> None:
    sessions = {"demo-chat": {"session_id": CHAT, "message_id": CHAT}}
    home.sessions.write_text(json.dumps(sessions), encoding="utf-8")
    assert "session" not in add(home, "demo-chat").out
    assert "Without a session of its own: demo-left." in add(home, "demo-left").out


def test_many_without_a_session_are_counted(home: Home) -> None:
    assert "demo-chat, demo-thinker, demo-search and 9 more" in add(home, "--all").out


@pytest.mark.parametrize("arguments", [(), ("demo-chat", "--all"), ("demo-chat", "--type", "text")])
def test_it_must_be_clear_which_are_meant(home: Home, arguments: tuple[str, ...]) -> None:
    done = add(home, *arguments)
    assert done.code == 2
    assert "either their names, or --all, or" in " ".join(done.err.split())


def test_before_the_site_was_read_it_is_said_how(home: Home) -> None:
    available_models_path(home).unlink()
    done = add(home, "demo-chat")
    assert done.code == 1
    assert "lmarena-bridge models update" in done.err


def test_a_broken_file_is_not_touched(home: Home) -> None:
    home.models.write_text('{"a": ', encoding="utf-8")
    assert add(home, "demo-chat").code == 1
    assert home.models.read_text(encoding="utf-8") == '{"a": '


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        (["1"], ["demo-video-text"]),
        (["2"], ["demo-video-image"]),
        (["7", "what?", "2"], ["demo-video-image"]),
        ([""], ["demo-video-text", "demo-video-image"]),
        (["all"], ["demo-video-text", "demo-video-image"]),
    ],
)
async def test_a_person_is_asked_which_of_two_is_meant(
    home: Home, typed: list[str], names: list[str]
) -> None:
    async with terminal("models", "add", "demo-video", "--home", str(home.path)) as shown:
        for answer in typed:
            await shown.until("Which? A number, or all [all]: ")
            shown.type(f"{answer}\n")
        assert await shown.ends() == 0
    assert f"  2  demo-video-image  (video from image, {FROM_IMAGE})" in shown.text
    assert list(mapped(home)) == names


async def test_on_a_terminal_long_lists_are_cut_short(home: Home) -> None:
    write_available_models(home, [{"id": f"id-{n}", "publicName": f"model {n}"} for n in range(50)])
    async with terminal("models", "add", "--all", "--home", str(home.path)) as shown:
        assert await shown.ends() == 0
    assert "  + model 29  id-29" in shown.text
    assert "model 30" not in shown.text
    assert "  + … and 20 more" in shown.text
    assert len(mapped(home)) == 50
