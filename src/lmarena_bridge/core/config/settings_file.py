"""From the text of config.jsonc to Settings."""

import difflib
from typing import Any, Final

from lmarena_bridge.core.config.binding import open_binding
from lmarena_bridge.core.config.checks import MUST_BE, found, found_kind
from lmarena_bridge.core.config.jsonc_tree import Document
from lmarena_bridge.core.config.problem import Report
from lmarena_bridge.core.config.setting import Setting
from lmarena_bridge.core.config.settings import PASSED_OVER, SETTINGS, Settings
from lmarena_bridge.core.sentences import Sentence, Template

_NO_OBJECT: Final = Template(
    "settings.no.object", "the settings must stand in one object {{…}}, not in {found}"
)
_UNKNOWN: Final = Template("settings.unknown", 'there is no setting "{name}"; it is passed over')
_MEANT: Final = Template("settings.meant", 'there is no setting "{name}"; did you mean "{near}"?')


def parse_settings(document: Document, report: Report, *, listening: str | None = None) -> Settings:
    """The settings of the file. What is wrong goes to the report and has its default in the result.

    `listening` is the address of a running server, where that is not the `host` of the file: a key that
    protects it must not be taken away.
    """
    if not isinstance(document.value, dict):
        report.error((), _NO_OBJECT(found=found(document.value)))
        return Settings()
    values: dict[str, Any] = {}
    for name, value in document.value.items():
        if name in SETTINGS:
            _read(SETTINGS[name], value, values, report)
        elif name not in PASSED_OVER:
            report.warning((name,), _unknown(name))
    settings = Settings(**values)
    if (danger := open_binding(listening or settings.host, settings.api_keys)) is not None:
        report.error(("host",), danger)
    return settings


def _read(setting: Setting, value: object, values: dict[str, Any], report: Report) -> None:
    try:
        values[setting.name] = setting.check.read(value)
    except ValueError:
        shown = found_kind(value) if setting.secret else found(value)
        report.error(
            (setting.name,), MUST_BE(name=setting.name, expected=setting.check.expected, found=shown)
        )


def _unknown(name: str) -> Sentence:
    near = difflib.get_close_matches(name, SETTINGS, n=1)
    if near:
        return _MEANT(name=name, near=near[0])
    return _UNKNOWN(name=name)
