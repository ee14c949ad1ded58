"""The page's words: every language says everything, and everything that the page says is in them."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

from lmarena_bridge.core.config.settings import SETTINGS
from lmarena_bridge.core.errors import BridgeError
from support.said_sentences import error_codes, plain_codes, templates

STATIC = Path(__file__).parent.parent.parent / "src" / "lmarena_bridge" / "server" / "static"
LANGUAGES = {path.stem: path for path in (STATIC / "languages").glob("*.json")}
# How many forms a count has: https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
FORMS = {"en": {"one", "other"}, "pl": {"one", "few", "many", "other"}}
# Of errors that are met in a terminal only.
CODES_OF_COMMANDS = {"no_server", "packages_missing"}
_FORM = re.compile(r"\.(one|few|many|other)$")


def words(language: str) -> Mapping[str, str]:
    said: Mapping[str, str] = json.loads(LANGUAGES[language].read_text(encoding="utf-8"))
    return said


def helps(language: str) -> set[str]:
    """What a language says instead of the server's own English about the settings."""
    return {key for key in words(language) if key.startswith(("about.", "section."))}


def answers(language: str) -> dict[str, str]:
    """What a language says instead of the server's own English sentences, by their codes."""
    return {
        key.removeprefix("said."): text for key, text in words(language).items() if key.startswith("said.")
    }


def of_the_page(language: str) -> set[str]:
    """The keys of what the page says by itself."""
    return {key for key in words(language) if not key.startswith(("about.", "section.", "said."))}


def gaps(english: str) -> set[str]:
    """The names of what is filled into a template."""
    return {name for _, name, _, _ in Formatter().parse(english) if name is not None}


def plural_keys(said: Mapping[str, str]) -> set[str]:
    return {_FORM.sub("", key) for key in said if key.endswith(".other")}


def keys(language: str) -> set[str]:
    """What the page says by itself, without the forms of counts, which differ."""
    said = of_the_page(language)
    plurals = plural_keys(words(language))
    return {key for key in said if _FORM.sub("", key) not in plurals or not _FORM.search(key)} | plurals


def used() -> Iterator[str]:
    """Keys as they stand in the code, those that are put together left out."""
    for path in (*STATIC.glob("*.js"), *(STATIC / "views").glob("*.js")):
        yield from re.findall(r'\bt\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))


def test_the_languages_of_the_page_are_those_that_have_a_file() -> None:
    declared = re.findall(
        r'(\w+): "', (STATIC / "words.js").read_text(encoding="utf-8").split("LANGUAGES", 1)[1].split("}")[0]
    )
    assert set(declared) == set(LANGUAGES) == set(FORMS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_everything_with_all_its_forms(language: str) -> None:
    assert keys(language) == keys("en")
    said = words(language)
    for key in plural_keys(said):
        assert {form for form in FORMS[language] if f"{key}.{form}" in said} == FORMS[language], key
    assert all(text.strip() for text in said.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same_in_every_language(language: str) -> None:
    english, said = words("en"), words(language)
    for key in of_the_page(language):
        text = said[key]
        twin = english.get(key) or english[_FORM.sub(".other", key)]
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", twin)), key


def test_everything_the_page_says_has_words() -> None:
    known = keys("en")
    assert set(used()) - known == set()
    assert len(set(used())) > 150


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_setting_is_explained_in_every_language_and_none_that_is_gone(language: str) -> None:
    shown = [setting for setting in SETTINGS.values() if setting.in_use]
    explained = {f"about.{setting.name}" for setting in shown if setting.about}
    assert helps(language) == explained | {f"section.{setting.section}" for setting in shown}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_what_must_be_typed_as_it_is_stands_in_every_language(language: str) -> None:
    """Values, names of settings and files, commands: whoever translates must not translate these."""
    said = words(language)
    for setting in SETTINGS.values():
        literal = re.findall(r"\b\w+_\w+\b|\b\w+\.jsonc?\b|\btrue:|\bfalse:|<[/\w]+>", setting.about)
        missing = [each for each in literal if each not in said.get(f"about.{setting.name}", "")]
        assert not missing, setting.name


def test_english_is_the_servers_own() -> None:
    assert helps("en") == set()
    assert answers("en") == {}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_whatever_the_server_says_is_said_in_every_language_and_nothing_that_is_gone(language: str) -> None:
    spoken = {*templates(), *plain_codes(), *(f"error.{code}" for code in error_codes())}
    assert {_FORM.sub("", code) for code in answers(language)} == spoken


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_the_same_values_are_filled_into_a_sentence_in_every_language(language: str) -> None:
    for code, text in answers(language).items():
        english = templates().get(_FORM.sub("", code), "")
        assert set(re.findall(r"\{(\w+)\}", text)) == gaps(english), code


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_commands_files_and_settings_in_sentences_are_not_translated(language: str) -> None:
    said = answers(language)
    for code, english in templates().items():
        literal = re.findall(r"lmarena-bridge [a-z-]+(?: [a-z]+)?|\b\w+_\w+\b|\b\w+\.jsonc?\b", english)
        missing = [each for each in literal if each not in said[code]]
        assert not missing, code


def test_the_reader_of_the_source_finds_what_there_is() -> None:
    """Or the comparisons above would compare nothing."""
    assert len(templates()) > 100
    assert templates()["doctor.tab.none"] == "no LMArena tab is connected"
    assert plain_codes() == {"tab.refused", "tab.attention"}
    assert {kind.code for kind in every_kind(BridgeError)} <= error_codes() | CODES_OF_COMMANDS
    assert {"unknown_url", "method_not_allowed", "content_refused", "response_not_found"} <= error_codes()


def every_kind(kind: type[BridgeError]) -> Iterator[type[BridgeError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from every_kind(each)
