import difflib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from lmarena_bridge.core.config.change import (
    Change,
    added_models,
    added_session,
    changed,
    changed_settings,
    default_session,
    removed_models,
)
from lmarena_bridge.core.config.default_files import settings_text
from lmarena_bridge.core.config.files import read_models, read_sessions, read_settings
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_edit import Edit, Put
from lmarena_bridge.core.config.jsonc_gaps import comments
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.errors import ConfigError
from support.earlier_files import MODELS, SESSIONS, SETTINGS, on_unix, on_windows

NEW = SessionEntry("s", "m", "battle", "A", "firefox")
NEW_VALUE = {
    "session_id": "s",
    "message_id": "m",
    "mode": "battle",
    "battle_target": "A",
    "profile": "firefox",
}
SAVED: Mapping[str, Callable[[str], bytes]] = {"unix": on_unix, "windows": on_windows}

saved = pytest.mark.parametrize("save", SAVED.values(), ids=SAVED)


def value(data: bytes) -> Any:
    return loads(data.decode("utf-8")).value


def lines_changed(before: bytes, after: bytes) -> list[str]:
    """The lines of a diff, without those that are the same; "␍" is a carriage return."""
    old, new = (data.decode("utf-8").replace("\r", "␍").split("\n") for data in (before, after))
    return [line for line in difflib.ndiff(old, new) if line[0] in "+-"]


def refusal(data: bytes, change: Change) -> str:
    with pytest.raises(ConfigError) as caught:
        changed(data, change)
    return caught.value.message


@saved
def test_an_earlier_bridges_settings_get_the_new_ids_and_nothing_else(save: Callable[[str], bytes]) -> None:
    before = save(SETTINGS)
    after = changed(before, default_session("new-s", "new-m", "direct_chat", "A"))
    assert after == save(
        SETTINGS.replace("5f3c5a0e-6a54-4d0e-9d3e-0d3f0a9c1b11", "new-s")
        .replace("0b8f2c1d-93b1-4a43-8a68-7f6f5e2d4c22", "new-m")
        .replace('"id_updater_last_mode": "battle"', '"id_updater_last_mode": "direct_chat"')
        .replace('"id_updater_battle_target": "B"', '"id_updater_battle_target": "A"')
    )
    settings = read_settings(after).value
    assert settings is not None
    assert (settings.session_id, settings.file_bed_api_key) == ("new-s", "keep /* me */ // whole")


@saved
def test_without_a_side_the_one_that_is_set_stays(save: Callable[[str], bytes]) -> None:
    after = changed(save(SETTINGS), default_session("s", "m", "direct_chat", None))
    assert value(after) == {
        **value(save(SETTINGS)),
        "session_id": "s",
        "message_id": "m",
        "id_updater_last_mode": "direct_chat",
    }


def test_the_profile_of_the_ids_is_remembered_and_that_of_earlier_ids_forgotten() -> None:
    first = changed(b"{}", default_session("s", "m", "direct_chat", None, "work"))
    assert value(first)["session_profile"] == "work"
    assert value(changed(first, default_session("t", "n", "direct_chat", None)))["session_profile"] == ""


def test_ids_that_a_file_does_not_have_yet_are_added_at_its_end() -> None:
    after = changed(b'{\n    "port": 5103 // mine\n}\n', default_session("s", "m", "battle", "B"))
    assert after == (
        b'{\n    "port": 5103, // mine\n    "session_id": "s",\n    "message_id": "m",\n'
        b'    "id_updater_last_mode": "battle",\n    "id_updater_battle_target": "B"\n}\n'
    )


@saved
def test_an_earlier_bridges_models_are_added_to(save: Callable[[str], bytes]) -> None:
    before = save(MODELS)
    after = changed(before, added_models({"new/one": "id", "chat-model-b": "id-b"}))
    assert value(after) == {**value(before), "new/one": "id", "chat-model-b": "id-b"}
    end = "␍" if save is on_windows else ""
    assert lines_changed(before, after)[0] == f'-     "chat-model-b": "null",{end}'
    assert [line for line in lines_changed(before, after) if line[0] == "+"] == [
        f'+     "chat-model-b": "id-b",{end}',
        f'+     "search\\/model \\u00e9": "7a2b9c4d-1e3f-4b55-a6c7-8d9e0f1a2b55:search",{end}',
        f'+     "new/one": "id"{end}',
    ]
    models = read_models(after).value
    assert models is not None
    assert models["image-model-b"].kind == "image"


@saved
def test_models_are_removed_with_their_lines(save: Callable[[str], bytes]) -> None:
    before = save(MODELS)
    after = changed(before, removed_models(["chat-model-b", "search/model é", "not there"]))
    assert [name for name in value(before) if name not in value(after)] == ["chat-model-b", "search/model é"]
    assert after.count(b"\n") == before.count(b"\n") - 2
    assert changed(after, removed_models([])) == after


@saved
@pytest.mark.parametrize("append", [True, False])
def test_a_session_for_a_model_without_one_stands_alone(save: Callable[[str], bytes], append: bool) -> None:
    before = save(SESSIONS)
    assert value(changed(before, added_session("new one", NEW, append=append))) == {
        **value(before),
        "new one": NEW_VALUE,
    }
    # An empty list stays a list.
    assert value(changed(before, added_session("image-model-a", NEW, append=append))) == {
        **value(before),
        "image-model-a": [NEW_VALUE],
    }


@saved
def test_a_single_session_is_joined_or_replaced(save: Callable[[str], bytes]) -> None:
    before = save(SESSIONS)
    old = value(before)["chat-model-a"]
    joined = changed(before, added_session("chat-model-a", NEW, append=True))
    assert value(joined)["chat-model-a"] == [old, NEW_VALUE]
    replaced = changed(before, added_session("chat-model-a", NEW, append=False))
    assert value(replaced)["chat-model-a"] == NEW_VALUE
    for after in (joined, replaced):
        assert comments(after.decode("utf-8")) == comments(before.decode("utf-8"))
        assert (b"\n" in after.replace(b"\r\n", b"")) == (save is on_unix)


@saved
def test_a_list_of_sessions_grows_or_begins_anew(save: Callable[[str], bytes]) -> None:
    before = save(SESSIONS)
    old = value(before)["chat-model-b"]
    grown = changed(before, added_session("chat-model-b", NEW, append=True))
    assert value(grown)["chat-model-b"] == [*old, NEW_VALUE]
    assert all(line[0] == "+" for line in lines_changed(before, grown))
    anew = changed(before, added_session("chat-model-b", NEW, append=False))
    assert value(anew)["chat-model-b"] == [NEW_VALUE]
    assert "// the second account" in anew.decode("utf-8")
    sessions = read_sessions(grown).value
    assert sessions is not None
    assert sessions["chat-model-b"][1].battle_target == "A"
    assert sessions["chat-model-b"][2] == NEW


def test_a_session_that_is_there_already_is_renewed_in_its_place() -> None:
    one, two = {"session_id": "s", "message_id": "m"}, {"session_id": "t", "message_id": "m"}
    change = added_session("a", NEW, append=True)
    for pool, after in [
        (
            f'[{{"session_id": "s", "message_id": "m"}}, {str(two).replace(chr(39), chr(34))}]',
            [NEW_VALUE, two],
        ),
        ('{"session_id": "s", "message_id": "m"}', NEW_VALUE),
    ]:
        assert value(changed(f'{{"a": {pool}}}'.encode(), change)) == {"a": after}
    plain = added_session("a", SessionEntry("s", "m"), append=True)
    assert value(changed(b"{}", plain)) == {"a": one}


@pytest.mark.parametrize("pool", ["null", '"later"', "{}", "7"])
def test_a_pool_that_is_none_is_replaced(pool: str) -> None:
    after = changed(f'{{"a": {pool}}}'.encode(), added_session("a", NEW, append=True))
    assert value(after) == {"a": NEW_VALUE}


def test_an_odd_entry_of_a_pool_is_left_to_its_owner() -> None:
    after = changed(b'{"a": ["odd"]}', added_session("a", NEW, append=True))
    assert value(after) == {"a": ["odd", NEW_VALUE]}


@pytest.mark.parametrize("data", [None, b"", b"\xef\xbb\xbf \r\n"])
def test_files_that_are_missing_or_empty_are_begun(data: bytes | None) -> None:
    assert changed(data, added_models({"a": "1"})) == b'{\n  "a": "1"\n}\n'
    assert value(changed(data, added_session("a", NEW, append=False))) == {"a": NEW_VALUE}


def test_missing_settings_are_begun_with_all_their_comments() -> None:
    after = changed(None, default_session("s", "m", "direct_chat", None)).decode("utf-8")
    assert after == settings_text().replace('"session_id": ""', '"session_id": "s"').replace(
        '"message_id": ""', '"message_id": "m"'
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "config.jsonc, line 1, column 1: the file is empty; it must hold at least {}"),
        (b'{\n"a" 1}', 'config.jsonc, line 2, column 5: a colon is missing behind the name "a"'),
        (b"\n[]", "config.jsonc, line 2, column 1: everything in this file must stand in one object {…}"),
        (b'{"\xe4": 1}', "config.jsonc: the file is not in UTF-8"),
        (
            b'{"session_id": ["a" // mine\n]}',
            "config.jsonc, line 1, column 16: the comments in this value would be lost: move them out of it, "
            "then try again",
        ),
    ],
)
def test_a_broken_file_is_not_written_to(data: bytes, message: str) -> None:
    change = default_session("s", "m", "direct_chat", None)
    assert refusal(data, change) == f"{message}. The file was not changed"


def test_no_file_becomes_worse_than_it_is() -> None:
    assert refusal(b'{"a": "1"}', added_models({" ": "2"})) == (
        'models.json: the model " " must be "id", "id:kind" or "null:kind", but is "2". '
        "The file was not changed"
    )
    assert refusal(b"{}", added_session("a", SessionEntry("", "m"), append=True)) == (
        'model_endpoint_map.json: the session of "a" has no "session_id". The file was not changed'
    )
    port: list[Edit] = [Put(("port",), 0)]
    assert "must be a whole number" in refusal(b"{}", Change("config.jsonc", lambda _: port))


def test_a_mistake_that_is_there_already_stays_for_its_owner_to_mend() -> None:
    after = changed(b'{"port": 0}', default_session("s", "m", "battle", None))
    assert value(after)["port"] == 0
    assert value(after)["session_id"] == "s"


def test_settings_are_changed_in_place_and_go_back_to_their_defaults_by_leaving_the_file() -> None:
    before = b'{\n  // mine\n  "port": 5103, // here\n  "tab_policy": "latest"\n}\n'
    after = changed(before, changed_settings({"port": 5104}, ["tab_policy", "queue_limit"]))
    assert value(after) == {"port": 5104}
    assert b"// mine" in after
    assert b"// here" in after


def test_a_setting_that_would_be_wrong_is_refused_with_its_name() -> None:
    with pytest.raises(ConfigError, match="whole number") as caught:
        changed(b"{}", changed_settings({"port": 0}, ()))
    assert caught.value.param == "port"
