"""JSON Schemas that clients give: for the arguments of a tool, or for a whole answer."""

import json
from collections.abc import Sequence
from typing import Any, Final

# A pattern is the client's, the text it is tried on a model's: together they must not keep the program busy.
_BACKTRACKS: Final = 100_000
# Of a value that does not fit as much is shown as a sentence bears.
_SHOWN: Final = 300


class Schema:
    """One schema, ready to judge values. References to other documents are not followed."""

    __slots__ = ("_validator",)

    def __init__(self, text: str) -> None:
        """`text`: the schema's JSON, of any draft. Raises ValueError, its message says what is wrong."""
        import jsonschema_rs  # 3 MB that most people's programs never need

        patterns = jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS)
        try:
            self._validator = jsonschema_rs.validator_for(
                json.loads(text), offline=True, pattern_options=patterns
            )
        except jsonschema_rs.ValidationError as error:
            raise ValueError(_cut(error.message)) from error
        except RecursionError as error:
            raise ValueError("it is nested too deeply") from error

    def fault(self, value: object) -> str:
        """Why the value (of Python's own JSON types) does not fit; "" if it does."""
        for error in self._validator.iter_errors(_as_json(value)):
            return f"{_place(error.instance_path)}: {_cut(error.message)}"
        return ""


def _as_json(value: Any) -> Any:
    """The same for a type checker that must know nothing of it."""
    return value


def _place(path: Sequence[str | int]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _cut(message: str) -> str:
    return message if len(message) <= _SHOWN else f"{message[:_SHOWN]}…"
