import pytest

from lmarena_bridge.core.chat.calling.found import Written
from lmarena_bridge.core.chat.calling.markers import Markers
from lmarena_bridge.core.chat.calling.value_reader import ValueReader

MARKERS = Markers("a1b2c3d4")
OPEN, CLOSE = MARKERS.open, MARKERS.close

NO_VALUE = "no JSON object stands between the markers"


def read(text: str, size: int, hint: str = "") -> tuple[Written, int] | None:
    """What is read when the text comes in pieces of so many characters, and then nothing more."""
    reader = ValueReader(MARKERS, hint)
    for cut in range(size, len(text) + size, size):
        found = reader.read(text[:cut], whole=False)
        if found is not None:
            return found
    return reader.read(text, whole=True)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "value", "hint", "rest"),
    [
        ('>{"a": 1}' + CLOSE, {"a": 1}, "", CLOSE),
        ('>\n{"a": 1}\n', {"a": 1}, "", "\n"),
        ('{"a": 1}', {"a": 1}, "", ""),
        ('>[{"a": 1}] x', [{"a": 1}], "", " x"),
        (' name="t">{"a": 1}', {"a": 1}, "t", ""),
        (" id='1' name='t.u-v'>{}", {}, "t.u-v", ""),
        (">t\n{}", {}, "t", ""),
        (">t({})", {}, "t", ")"),
        (">\n```json\n{}\n```", {}, "", "\n```"),
        (">Here it is: {}", {}, "", ""),
        (f'>{{"a": "quoted {CLOSE}"}}{CLOSE}', {"a": f"quoted {CLOSE}"}, "", CLOSE),
        (f">{{'a': 1,}}{CLOSE}x", {"a": 1}, "", f"{CLOSE}x"),
        (f">{{'a': '}}'}}{CLOSE}", {"a": "}"}, "", CLOSE),
        (f'>{{"a": {{"b": 1}}{CLOSE}', {"a": {"b": 1}}, "", CLOSE),
        (f'>{{"a": {{"b": 1}}{OPEN}{{}}', {"a": {"b": 1}}, "", f"{OPEN}{{}}"),
        (">{'a': 1,}", {"a": 1}, "", ""),
    ],
)
def test_values(text: str, value: object, hint: str, rest: str, size: int) -> None:
    found = read(text, size)
    assert found is not None
    written, end = found
    assert (written.value, written.hint, written.fault) == (value, hint, "")
    assert text[end:] == rest


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "body", "fault", "rest"),
    [
        (f"> nothing here {CLOSE}x", "nothing here", NO_VALUE, f"{CLOSE}x"),
        (">", "", NO_VALUE, ""),
        (f">{OPEN}{{}}", "", NO_VALUE, f"{OPEN}{{}}"),
        (f'>{{"a": "half {CLOSE} and {CLOSE}', '{"a": "half', "a string has no end", f"{CLOSE} and {CLOSE}"),
        (f'>{{"a": "half {CLOSE} and', '{"a": "half', "a string has no end", f"{CLOSE} and"),
        ('>{"a": {"b": 1}', '{"a": {"b": 1}', "it breaks off", ""),
        (
            f'>{{"a": "say "hi" now"}}{CLOSE}',
            '{"a": "say "hi" now"}',
            "a comma or a bracket is missing",
            CLOSE,
        ),
    ],
)
def test_what_is_no_value(text: str, body: str, fault: str, rest: str, size: int) -> None:
    found = read(text, size)
    assert found is not None
    written, end = found
    assert (written.text, written.value) == (body, None)
    assert written.fault.startswith(fault)
    assert text[end:] == rest


def test_nothing_is_read_before_it_is_certain() -> None:
    reader = ValueReader(MARKERS)
    for text in (">", ">\n", '>\n{"a": "', '>\n{"a": "x"', f'>\n{{"a": "{CLOSE}'):
        assert reader.read(text, whole=False) is None


def test_a_name_before_an_earlier_value_holds_for_this_one() -> None:
    found = read('{"a": 1}', 1, hint="t")
    assert found is not None
    assert found[0].hint == "t"


def test_json_nested_too_deeply_is_a_fault() -> None:
    found = read('{"a":' * 5000 + "1" + "}" * 5000, 100_000)
    assert found is not None
    assert found[0].fault.startswith("it is nested too deeply")
