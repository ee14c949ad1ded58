"""Whom a manifest convinces. The signatures here are play ones; tests of the shell have real ones."""

import json
from dataclasses import replace
from typing import Any

import pytest

from lmarena_bridge.core.releases.errors import NotTrusted
from lmarena_bridge.core.releases.manifest import (
    DOMAIN,
    MAX_MANIFEST_BYTES,
    MAX_WHEEL_BYTES,
    Release,
    manifest,
    read_manifest,
    signed_text,
    wheel_name,
)
from lmarena_bridge.core.releases.version import released

NOW = 1_800_000_000
DAY = 86_400
GOOD = Release(
    version=released("1.2.3"),
    file="lmarena_bridge-1.2.3-py3-none-any.whl",
    size=1000,
    sha256="ab" * 32,
    issued=NOW - 100,
    expires=NOW + 30 * DAY,
    notes="Faster.\nAnd prettier.",
)


def sign(text: str) -> bytes:
    return b"by us: " + DOMAIN + text.encode()


def is_signed(message: bytes, signature: bytes) -> bool:
    return signature == b"by us: " + message


def published(release: Release = GOOD, **changes: Any) -> bytes:
    text = json.dumps({**json.loads(signed_text(release)), **changes})
    return manifest(text, [sign(text)])


def test_a_good_one_is_read_as_it_was_signed() -> None:
    text = signed_text(GOOD)
    assert read_manifest(manifest(text, [sign(text)]), is_signed, NOW) == GOOD
    assert wheel_name(GOOD.version) == GOOD.file


def test_one_good_signature_among_others_is_enough() -> None:
    text = signed_text(GOOD)
    assert read_manifest(manifest(text, [b"of an older key", sign(text)]), is_signed, NOW) == GOOD


def test_what_a_later_publisher_adds_is_passed_over() -> None:
    assert read_manifest(published(channel="beta"), is_signed, NOW) == GOOD


def test_notes_are_lines_of_text_and_have_an_end() -> None:
    notes = "\x1b[31mred\x07\r\nsecond\u202e line\u2028third\n\n" + "x" * 10_000
    told = read_manifest(published(replace(GOOD, notes=notes)), is_signed, NOW).notes
    assert told.startswith("[31mred\nsecond line\nthird\n\nxxx")
    assert len(told) == 4000


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"signed": 1, "signatures": []}',
        b'{"signed": "{}", "signatures": {}}',
        b'{"signed": "{}", "signatures": [' + b",".join([b'"x"'] * 9) + b"]}",
        b"[" * 20_000,
        b" " * (MAX_MANIFEST_BYTES + 1),
    ],
    ids=["empty", "bytes", "list", "bare", "number", "object", "many", "deep", "large"],
)
def test_garbage_is_no_manifest(raw: bytes) -> None:
    with pytest.raises(NotTrusted):
        read_manifest(raw, is_signed, NOW)


@pytest.mark.parametrize("signatures", [[], [b""], [b"by us: something else"], [b"by others"]])
def test_without_a_good_signature_it_is_not_even_read(signatures: list[bytes]) -> None:
    with pytest.raises(NotTrusted, match="not signed"):
        read_manifest(manifest("no JSON", signatures), is_signed, NOW)


def test_a_signature_that_is_no_base64_counts_for_nothing() -> None:
    with pytest.raises(NotTrusted, match="not signed"):
        read_manifest(b'{"signed": "{}", "signatures": ["!", "\\u00e4"]}', is_signed, NOW)


def test_a_text_changed_after_signing_is_found_out() -> None:
    with pytest.raises(NotTrusted, match="not signed"):
        read_manifest(published().replace(b"1000", b"9999"), is_signed, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "1.2"},
        {"version": [9, 0, 0]},
        {"size": 0},
        {"size": MAX_WHEEL_BYTES + 1},
        {"size": "1000"},
        {"sha256": "AB" * 32},
        {"sha256": "ab"},
        {"file": "../lmarena_bridge-1.2.3-py3-none-any.whl"},
        {"file": "https://evil.example/lmarena_bridge-1.2.3-py3-none-any.whl"},
        {"file": "lmarena_bridge-1.2.4-py3-none-any.whl"},
        {"expires": None},
    ],
)
def test_signed_nonsense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotTrusted, match="is signed, but"):
        read_manifest(published(**changes), is_signed, NOW)


def test_signed_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(NotTrusted, match="is signed, but"):
        read_manifest(manifest("no JSON", [sign("no JSON")]), is_signed, NOW)


def test_an_old_manifest_cannot_be_kept_before_somebodys_eyes_for_ever() -> None:
    with pytest.raises(NotTrusted, match="expired"):
        read_manifest(published(), is_signed, NOW + 31 * DAY)


def test_one_from_the_future_says_that_the_clock_is_wrong() -> None:
    assert read_manifest(published(), is_signed, NOW - DAY / 2) == GOOD
    with pytest.raises(NotTrusted, match="clock"):
        read_manifest(published(), is_signed, NOW - 2 * DAY)
