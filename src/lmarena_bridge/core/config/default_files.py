"""The files of the first start.

config.jsonc is written from the declaration of the settings, with what each is about, and opens with what
to do next. The two others hold an empty object and no comment: other tools read them as plain JSON.
"""

import json
import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from lmarena_bridge.core.config.schema import SCHEMA_PLACE
from lmarena_bridge.core.config.setting import Setting
from lmarena_bridge.core.config.settings import SETTINGS, Settings

_WIDTH: Final = 100

_OPENING: Final = f"""\
LMArena Bridge: settings.

What to do next:

  1. Start the program:        lmarena-bridge serve
  2. Install the userscript:   http://127.0.0.1:{Settings().port}/LMArenaApiBridge.user.js
  3. Open the site, log in and start a chat. The tab's title begins with ✅ once it is connected.
  4. Pick up the ids of the chat:   lmarena-bridge session capture
  5. Choose your models:            lmarena-bridge models update, then lmarena-bridge models add

Or write the files yourself: session_id and message_id below, and your models in models.json,
beside this file:

       {{ "a-chat-model": "null", "an-image-model": "null:image" }}

Left the name your programs will ask for, right the site's id of the model. "null" stands for
the model that the chat in your tab has. What is no chat model says its kind behind a colon.

A chat of its own for a model goes into model_endpoint_map.json; several in a list take turns:

       {{ "a-chat-model": {{ "session_id": "…", "message_id": "…", "mode": "direct_chat" }} }}

What you change here is in force with the next request. `lmarena-bridge config check` finds mistakes.
"""


def settings_text() -> str:
    """config.jsonc with every setting that does something, at its default."""
    shown = [setting for setting in SETTINGS.values() if setting.in_use]
    sections = [
        [
            f"  // {f'── {section} '.ljust(_WIDTH - 5, '─')}",
            *(line for each in members for line in _lines(each)),
        ]
        for section, members in groupby(shown, key=lambda setting: setting.section)
    ]
    schema = [f'  "$schema": {_json(SCHEMA_PLACE)},']
    body = "\n\n".join("\n".join(lines) for lines in (schema, *sections)).removesuffix(",")
    return "\n".join([*_comment(_OPENING.splitlines(), ""), "{", body, "}", ""])


def models_text() -> str:
    """models.json without a model."""
    return "{}\n"


def sessions_text() -> str:
    """model_endpoint_map.json without a session."""
    return "{}\n"


def _lines(setting: Setting) -> Iterator[str]:
    if setting.about:
        yield ""
        yield from _comment(textwrap.wrap(setting.about, _WIDTH - 5), "  ")
    yield f'  "{setting.name}": {_json(setting.default)},'


def _comment(lines: list[str], indent: str) -> Iterator[str]:
    return (f"{indent}// {line}".rstrip() for line in lines)


def _json(value: object) -> str:
    # 60, not 60.0: nobody writes seconds like that.
    whole = isinstance(value, float) and value.is_integer()
    return f"{value:.0f}" if whole else json.dumps(value, ensure_ascii=False)
