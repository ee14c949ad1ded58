from dataclasses import asdict

import pytest

from lmarena_bridge.core.sentences import Sentence, Template, plain, verbatim

IN_FRONT = Template("tab.in.front", "in front")
SEEN = Template("tab.seen", "{browser}, {place}, {jobs} jobs")


def test_a_template_with_its_values_is_an_english_sentence_and_what_others_need() -> None:
    said = SEEN(browser="Firefox", place=IN_FRONT(), jobs=1000)
    assert str(said) == said.text == "Firefox, in front, 1000 jobs"
    assert asdict(said) == {
        "text": "Firefox, in front, 1000 jobs",
        "code": "tab.seen",
        "values": {
            "browser": "Firefox",
            "place": {"text": "in front", "code": "tab.in.front", "values": {}},
            "jobs": 1000,
        },
    }


def test_values_are_filled_in_as_they_are() -> None:
    said = SEEN(browser="{place} {0} {nonsense}", place="{browser}", jobs=0)
    assert str(said) == "{place} {0} {nonsense}, {browser}, 0 jobs"


def test_a_gap_without_a_value_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        SEEN(browser="Firefox")


def test_of_a_plain_text_only_the_kind_is_known() -> None:
    assert plain("Wait 5 s.", "error.busy") == Sentence("Wait 5 s.", "error.busy", {})


def test_a_name_is_the_same_in_every_language() -> None:
    assert verbatim("config.jsonc") == Sentence("config.jsonc", "", {})


def test_sentences_that_say_the_same_are_the_same() -> None:
    one, other = (SEEN(browser="Firefox", place=IN_FRONT(), jobs=jobs) for jobs in (1, 2))
    assert len({one, other, SEEN(browser="Firefox", place=IN_FRONT(), jobs=1)}) == 2
