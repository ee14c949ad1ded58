from dataclasses import fields

from lmarena_bridge.core.config.file_bed_settings import FileBedSettings
from lmarena_bridge.core.config.setting import declared
from lmarena_bridge.core.config.settings import SETTINGS

DECLARED = declared(fields(FileBedSettings))


def test_all_of_them_are_settings_of_config_jsonc_in_one_section_at_its_end() -> None:
    assert list(SETTINGS)[-len(DECLARED) :] == list(DECLARED)
    assert {setting.section for setting in DECLARED.values()} == {"File bed"}
    assert all(name.startswith("file_bed_") for name in DECLARED)


def test_a_new_person_s_file_bed_is_for_this_computer_alone_and_keeps_a_day() -> None:
    settings = FileBedSettings()
    assert (settings.file_bed_host, settings.file_bed_port) == ("127.0.0.1", 5104)
    assert settings.file_bed_keep_seconds == 24 * 3600
    assert settings.file_bed_max_bytes == 512 * 1024**2
    assert settings.file_bed_s3_bucket == ""


def test_where_it_listens_and_stores_waits_for_a_restart_and_all_else_counts_at_once() -> None:
    waiting = {name.removeprefix("file_bed_") for name, setting in DECLARED.items() if setting.at_start}
    assert waiting == {"host", "port"} | {name for name in waiting if name.startswith("s3_")}
    assert len(waiting) == 8


def test_keys_of_the_storage_are_secrets() -> None:
    secret = {name.removeprefix("file_bed_") for name, setting in DECLARED.items() if setting.secret}
    assert secret == {"api_key", "s3_access_key_id", "s3_secret_access_key"}
