from pathlib import Path

import pytest

from lmarena_bridge.cli.update.environment import Environment
from support.releases import environment_in, install, tiny_wheel


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A real environment with a real pip, for the tests of one file."""
    return environment_in(tmp_path_factory.mktemp("environment"))


@pytest.fixture
def environment(place: Environment, tmp_path: Path) -> Environment:
    """The same, with version 1.0.0 of a tiny program in it, whatever an earlier test did."""
    install(place, tiny_wheel(tmp_path, "1.0.0"))
    return place
