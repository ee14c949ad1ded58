import dataclasses

import pytest

from lmarena_bridge.core.config.settings import PASSED_OVER, SETTINGS, Settings, waiting_for_restart


def updates() -> dict[str, object]:
    return {"enable_auto_update": True, "update_url": "", "update_public_key": ""}


def tabs_and_waiting() -> dict[str, object]:
    return {
        "tab_policy": "all",
        "jobs_per_tab": 20,
        "queue_limit": 100,
        "jobs_per_key": 0,
        "queue_limit_per_key": 0,
        "queue_timeout_seconds": 60,
        "tab_wait_seconds": 5,
        "resume_grace_seconds": 20,
        "idempotency_keep_seconds": 600,
        "idempotency_grace_seconds": 10,
    }


def test_the_defaults_are_the_documented_ones() -> None:
    settings = Settings()
    assert dataclasses.asdict(settings) == {
        "session_id": "",
        "message_id": "",
        "session_profile": "",
        "id_updater_last_mode": "direct_chat",
        "id_updater_battle_target": "A",
        "use_default_ids_if_mapping_not_found": True,
        "api_key": "",
        "stream_response_timeout_seconds": 360,
        "answer_wait_seconds": 1800,
        "max_body_bytes": 134217728,
        "host": "127.0.0.1",
        "port": 5102,
        "allowed_hosts": (),
        "allowed_origins": (),
        "pages_for_other_computers": False,
        **tabs_and_waiting(),
        "request_builder": "retry",
        "retry_metadata": "object",
        "tavern_mode_enabled": False,
        "bypass_enabled": False,
        "image_return_mode": "local",
        "image_keep_days": 90,
        "save_images_locally": False,
        "reasoning_output_mode": "reasoning_content",
        "strip_reasoning_from_history": False,
        "sources_in_text": True,
        "tool_calling": "auto",
        "tool_calling_on_for": (),
        "tool_calling_off_for": (),
        "tool_prompt_bytes": 16000,
        "site_max_body_bytes": 5242880,
        "image_max_bytes": 0,
        "markdown_images": "image_models",
        "record_requests": True,
        "record_conversations": False,
        "history_keep_days": 30,
        "history_max_mb": 100,
        "file_bed_enabled": False,
        "file_bed_mode": "text",
        "file_bed_upload_url": "http://127.0.0.1:5104/upload",
        "file_bed_api_key": "",
        "file_bed_mounted": True,
        "file_bed_host": "127.0.0.1",
        "file_bed_port": 5104,
        "file_bed_public_url": "",
        "file_bed_max_bytes": 536870912,
        "file_bed_keep_seconds": 86400,
        "file_bed_quota_bytes": 5368709120,
        "file_bed_s3_bucket": "",
        "file_bed_s3_prefix": "",
        "file_bed_s3_endpoint": "",
        "file_bed_s3_region": "",
        "file_bed_s3_access_key_id": "",
        "file_bed_s3_secret_access_key": "",
        **updates(),
    }


@pytest.mark.parametrize("name", SETTINGS)
def test_every_default_passes_its_own_check(name: str) -> None:
    setting = SETTINGS[name]
    assert setting.check.read(setting.default) == setting.default


def test_every_setting_in_use_is_explained_or_stands_beside_one_that_is() -> None:
    unexplained = [name for name, setting in SETTINGS.items() if setting.in_use and not setting.about]
    assert unexplained == ["message_id"]


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("api_key", "keys"), [("", ()), ("one", ("one",)), ((), ()), (("one", "", "two"), ("one", "two"))]
)
def test_the_keys_are_a_tuple_however_they_were_given(
    api_key: str | tuple[str, ...], keys: tuple[str, ...]
) -> None:
    settings = Settings(api_key=api_key)
    assert tuple(key.key for key in settings.api_keys) == keys
    assert settings.own_key == (keys[0] if keys else "")


def test_where_the_server_listens_changes_with_its_next_start_and_all_else_at_once() -> None:
    before = Settings()
    assert waiting_for_restart(before, Settings(port=5103)) == ("port",)
    assert waiting_for_restart(Settings(host="::1", port=1), before) == ("host", "port")
    assert waiting_for_restart(before, Settings(api_key="a", jobs_per_tab=1, allowed_hosts=("a",))) == ()


def test_keys_do_not_show_when_settings_are_printed() -> None:
    keys = Settings(api_key="canary", file_bed_api_key="canary", file_bed_s3_secret_access_key="canary")
    assert "canary" not in repr(keys)


def test_no_setting_is_passed_over() -> None:
    assert not PASSED_OVER & SETTINGS.keys()
