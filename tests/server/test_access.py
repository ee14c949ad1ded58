from dataclasses import replace

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.server.access import LatestAccess


def test_it_is_made_anew_when_the_settings_or_the_passes_change() -> None:
    accesses, settings = LatestAccess(), Settings()
    first = accesses.of(settings, "token", ())
    assert accesses.of(settings, "token", ()) is first
    with_pass = accesses.of(settings, "token", ("pass",))
    assert (with_pass.internal_token, with_pass.passes) == ("token", ("pass",))
    stricter = accesses.of(replace(settings, max_body_bytes=5), "token", ("pass",))
    assert (stricter.max_body_bytes, with_pass.max_body_bytes) == (5, settings.max_body_bytes)
