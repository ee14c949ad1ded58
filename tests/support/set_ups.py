"""The set-ups of docs/clients.md as the page says them, with a test's server in the place of a person's."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PAGE: Final = Path(__file__).parent.parent.parent / "docs" / "clients.md"
_BLOCK: Final = re.compile(r"^```(?P<language>\w+) (?P<name>\S+)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Place:
    """What stands for the page's `http://127.0.0.1:5102`, `any text`, `my-model` and `my-painter`."""

    server: str
    key: str = "any text"
    model: str = "demo-chat"
    painter: str = "demo-painter"


@dataclass(frozen=True)
class SetUp:
    """A block of the page. `name`: of a client, or of one of its files."""

    language: str
    name: str
    text: str

    def at(self, place: Place) -> str:
        """Its text with the values of a test."""
        text = self.text.replace("http://127.0.0.1:5102", place.server).replace("any text", place.key)
        return text.replace("my-model", place.model).replace("my-painter", place.painter)


def set_ups() -> list[SetUp]:
    """All blocks of the page that have a name."""
    text = _PAGE.read_text(encoding="utf-8")
    return [SetUp(found["language"], found["name"], found["text"]) for found in _BLOCK.finditer(text)]


def set_up(language: str, name: str) -> SetUp:
    (found,) = [each for each in set_ups() if (each.language, each.name) == (language, name)]
    return found
