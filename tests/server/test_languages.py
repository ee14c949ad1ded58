"""The page's words: every language says everything, and everything that the page says is in them."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lmarena_bridge.core.config.settings import SETTINGS

STATIC = Path(__file__).parent.parent.parent / "src" / "lmarena_bridge" / "server" / "static"
LANGUAGES = {path.stem: path for path in (STATIC / "languages").glob("*.json")}
# How many forms a count has: https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
FORMS = {"en": {"one", "other"}, "pl": {"one", "few", "many", "other"}}
_FORM = re.compile(r"\.(one|few|many|other)$")


def words(language: str) -> Mapping[str, str]:
    said: Mapping[str, str] = json.loads(LANGUAGES[language].read_text(encoding="utf-8"))
    return said


def helps(language: str) -> set[str]:
    """What a language says instead of the server's own English about the settings."""
    return {key for key in words(language) if key.startswith(("about.", "section."))}


def plural_keys(said: Mapping[str, str]) -> set[str]:
    return {_FORM.sub("", key) for key in said if key.endswith(".other")}


def keys(language: str) -> set[str]:
    """Without the forms of counts, which differ."""
    said = words(language)
    plurals = plural_keys(said)
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
    assert keys(language) - helps(language) == keys("en")
    said = words(language)
    for key in plural_keys(said):
        assert {form for form in FORMS[language] if f"{key}.{form}" in said} == FORMS[language], key
    assert all(text.strip() for text in said.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same_in_every_language(language: str) -> None:
    english, said = words("en"), words(language)
    for key, text in said.items():
        if key in helps(language):
            continue
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
