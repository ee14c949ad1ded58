"""For all tests: no secret of theirs is put out anywhere (support/canary_watch.py)."""

import pytest

from support.canary_watch import CanaryWatch


def pytest_configure(config: pytest.Config) -> None:
    # With several processes the first one hears of all of them, and their folders lie below its own.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(CanaryWatch(), "canaries")
