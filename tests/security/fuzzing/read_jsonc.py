"""libFuzzer against the reader of our configuration files: a value, or a sentence with line and column.

Run by test_strangers_tools.py: `python read_jsonc.py CORPUS -max_total_time=60`.
"""

import json
import sys

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports():
    from lmarena_bridge.core.config.jsonc import loads
    from lmarena_bridge.core.config.jsonc_tokens import JsoncError


def one_input(data: bytes) -> None:
    text = data.decode("utf-8", errors="replace")
    try:
        value = loads(text).value
    except JsoncError as error:
        if "line" not in str(error):
            raise AssertionError(f"no place is named: {error}") from error
        plain(text, refused=True)
        return
    # What was read can be written, and is then the same.
    if json.loads(json.dumps(value)) != value:
        raise AssertionError(f"not the same: {value!r}")


def plain(text: str, *, refused: bool) -> None:
    """What we refuse is no plain JSON either; except numbers and depths that we do not take on purpose."""
    try:
        json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError, RecursionError):
        return
    if refused and len(text) < 100 and text.count("[") + text.count("{") < 20:
        raise AssertionError(f"JSON that was refused: {text!r}")


atheris.Setup(sys.argv, one_input)
atheris.Fuzz()
