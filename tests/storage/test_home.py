import os
import stat
import sys
from pathlib import Path

import platformdirs
import pytest

from lmarena_bridge.core.config.default_files import models_text, sessions_text, settings_text
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.schema import schema_text
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage.home import Home, find_home, prepare_home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_option_comes_first(tmp_path: Path) -> None:
    (tmp_path / "config.jsonc").touch()
    environ = {"LMARENA_BRIDGE_HOME": str(tmp_path / "environment")}
    assert find_home(tmp_path / "option", environ, tmp_path) == tmp_path / "option"


def test_then_comes_the_environment(tmp_path: Path) -> None:
    (tmp_path / "config.jsonc").touch()
    environ = {"LMARENA_BRIDGE_HOME": str(tmp_path / "environment")}
    assert find_home(None, environ, tmp_path) == tmp_path / "environment"


@pytest.mark.parametrize("environ", [{}, {"LMARENA_BRIDGE_HOME": ""}, {"LMARENA_BRIDGE_HOME": "  "}])
def test_then_the_current_directory_if_it_holds_the_settings(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "config.jsonc").touch()
    assert find_home(None, environ, tmp_path) == tmp_path


def test_and_last_the_persons_own_place(tmp_path: Path) -> None:
    own = platformdirs.user_config_path("lmarena-bridge", appauthor=False)
    assert find_home(None, {}, tmp_path) == own
    (tmp_path / "config.jsonc").mkdir()
    assert find_home(None, {}, tmp_path) == own


def test_a_relative_home_is_meant_from_the_current_directory(tmp_path: Path) -> None:
    assert find_home(Path("bridge"), {}, tmp_path) == tmp_path / "bridge"
    assert find_home(None, {"LMARENA_BRIDGE_HOME": "bridge"}, tmp_path) == tmp_path / "bridge"


def test_a_tilde_is_the_persons_directory(tmp_path: Path) -> None:
    assert find_home(Path("~/bridge"), {}, tmp_path) == Path.home() / "bridge"


def test_the_first_start_creates_everything(tmp_path: Path) -> None:
    home = prepare_home(tmp_path / "deep" / "home")
    assert home == Home(tmp_path / "deep" / "home")
    assert sorted(os.listdir(home.path)) == [
        "config.jsonc",
        "model_endpoint_map.json",
        "models.json",
        "state",
    ]
    assert home.settings.read_text(encoding="utf-8") == settings_text()
    assert home.models.read_text(encoding="utf-8") == models_text()
    assert home.sessions.read_text(encoding="utf-8") == sessions_text()
    assert os.listdir(home.state) == ["config.schema.json"]


def test_a_later_start_touches_nothing(tmp_path: Path) -> None:
    home = prepare_home(tmp_path)
    home.settings.write_bytes(b"half a file {")
    home.models.write_bytes(b"")
    home.sessions.unlink()
    before = home.settings.stat().st_mtime_ns
    prepare_home(tmp_path)
    assert home.settings.read_bytes() == b"half a file {"
    assert home.settings.stat().st_mtime_ns == before
    assert home.models.read_bytes() == b""
    assert home.sessions.read_text(encoding="utf-8") == sessions_text()


def test_editors_find_the_schema_of_this_version_where_the_settings_name_it(tmp_path: Path) -> None:
    home = prepare_home(tmp_path)
    named = loads(home.settings.read_text(encoding="utf-8")).value["$schema"]
    assert (home.settings.parent / named).samefile(home.schema)
    assert home.schema.read_text(encoding="utf-8") == schema_text()
    before = home.schema.stat()
    prepare_home(tmp_path)
    assert home.schema.stat() == before
    home.schema.write_text("{}", encoding="utf-8")
    prepare_home(tmp_path)
    assert home.schema.read_text(encoding="utf-8") == schema_text()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such permissions")
def test_what_may_hold_secrets_is_for_the_owner_alone(tmp_path: Path) -> None:
    home = prepare_home(tmp_path)
    assert mode(home.state) == 0o700
    assert mode(home.settings) == 0o600
    home.state.chmod(0o755)
    prepare_home(tmp_path)
    assert mode(home.state) == 0o700


def test_a_home_that_cannot_be_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="choose another with --home"):
        prepare_home(tmp_path / "file" / "home")
