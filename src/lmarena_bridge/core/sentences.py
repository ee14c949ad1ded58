"""What is said to a person, so that other languages can say it, too.

The English words stand where the thing itself is known, once. Another language knows the sentence by its
code and fills the same values into words of its own; where it has none, the English ones are there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Union

# Names, paths and addresses are texts, so that no language writes them in its way; counts are numbers.
Value = Union[str, int, "Sentence"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text`: in English, complete. `values`: what stands in it, by the names of the gaps."""

    text: str
    code: str
    values: Mapping[str, Value] = field(hash=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Template:
    """An English sentence with gaps, `{name}`, or a part of one.

    `code`: lower case, words parted by dots. Code and text are written down as they are, for the test that
    compares the languages reads them from the source.
    """

    code: str
    english: str

    def __call__(self, **values: Value) -> Sentence:
        """The sentence. Raises KeyError for a gap without a value."""
        return Sentence(self.english.format_map(values), self.code, values)


def verbatim(text: str) -> Sentence:
    """A name or a value: the same in every language."""
    return Sentence(text, "", {})


def plain(text: str, code: str) -> Sentence:
    """A text of which only the kind is known by a code: other languages say something more general."""
    return Sentence(text, code, {})
