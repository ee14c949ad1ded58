"""The JSON Schema of config.jsonc, by which editors complete names, show what they mean and mark mistakes."""

import json
from typing import Any, Final

from lmarena_bridge.core.config.checks import Schema
from lmarena_bridge.core.config.setting import Setting
from lmarena_bridge.core.config.settings import PASSED_OVER, SETTINGS

# Where the schema is, from config.jsonc: its value of "$schema".
SCHEMA_PLACE: Final = "./state/config.schema.json"


def settings_schema() -> Schema:
    """JSON Schema, draft 7, with the keywords `errorMessage`, `allowComments`, … that VS Code adds to it."""
    properties: dict[str, Any] = {}
    about = ""
    for setting in SETTINGS.values():
        # What has no words of its own stands below what explains it.
        about = setting.about or about
        properties[setting.name] = _property(setting, about)
    for name in sorted(PASSED_OVER - {"$schema"}):
        properties[name] = {"description": "Of earlier bridges. It has no meaning here."}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "LMArena Bridge: config.jsonc",
        "type": "object",
        "properties": {"$schema": {"type": "string"}, **properties},
        "additionalProperties": False,
        "allowComments": True,
        "allowTrailingCommas": True,
    }


def schema_text() -> str:
    return json.dumps(settings_schema(), indent=2, ensure_ascii=False) + "\n"


def _property(setting: Setting, about: str) -> Schema:
    said = about if setting.in_use else "It is read, but nothing acts on it yet."
    when = " A change takes effect with the next start." if setting.at_start else ""
    return {
        **setting.check.schema,
        "description": said + when,
        "default": setting.default,
        "errorMessage": f'"{setting.name}" must be {setting.check.expected}.',
    }
