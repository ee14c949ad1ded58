"""libFuzzer against the reader of our configuration files: a value, or a sentence with line and column.

Run by test_strangers_tools.py: `python read_jsonc.py CORPUS -max_total_time=60`.
"""

import json
import math
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
        if is_json(text):
            raise AssertionError(f"JSON that was refused: {text!r}") from error
        return
    # What was read can be written, and is then the same.
    if json.loads(json.dumps(value)) != value:
        raise AssertionError(f"not the same: {value!r}")


def is_json(text: str) -> bool:
    """Whether Python's own reader takes it. Depth, endless numbers, half characters we refuse on purpose."""
    if len(text) > 100 or text.count("[") + text.count("{") > 20:
        return False
    try:
        value = json.loads(text, parse_constant=finite, parse_float=finite)
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError:  # of which UnicodeEncodeError is one
        return False
    return True


def finite(number: str) -> float:
    if not math.isfinite(float(number)):
        raise ValueError
    return float(number)


atheris.Setup(sys.argv, one_input)
atheris.Fuzz()
