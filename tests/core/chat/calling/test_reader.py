import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.calling.foreign import ForeignCalls
from lmarena_bridge.core.chat.calling.found import Found, Invented, Prose, Unmarked, Written
from lmarena_bridge.core.chat.calling.markers import Markers
from lmarena_bridge.core.chat.calling.reader import CallReader

MARKERS = Markers("a1b2c3d4")
OPEN, CLOSE, RESULT = MARKERS.open, MARKERS.close, MARKERS.result
CALL = '{"name": "now", "arguments": {}}'
NOW = Written(CALL, {"name": "now", "arguments": {}})


def reader() -> CallReader:
    return CallReader(MARKERS, ForeignCalls(["now"]))


def joined(found: list[Found]) -> list[Found]:
    """The same with prose in one piece."""
    whole: list[Found] = []
    for each in found:
        if isinstance(each, Prose) and whole and isinstance(whole[-1], Prose):
            whole[-1] = Prose(whole[-1].text + each.text)
        else:
            whole.append(each)
    return whole


def read(pieces: list[str]) -> list[Found]:
    one = reader()
    found = [each for piece in pieces for each in one.feed(piece)]
    return joined(found + one.close())


def at_every_cut(text: str) -> list[Found]:
    """What is read: the same wherever the text is cut in two, and when each character comes alone."""
    found = read([text])
    assert read(list(text)) == found
    for cut in range(1, len(text)):
        assert read([text[:cut], text[cut:]]) == found, (text[:cut], text[cut:])
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        " ",
        "\n\n Hello \n\n",
        "a < b <b>c</b> <tool_call",
        "<tool_call_00000000>{}</tool_call_00000000>",
        f"The page says: {OPEN[:-3]}x>{CALL}",
        "```\n<tool_call>\n" + CALL + "\n</tool_call>\n```",
        "Models write <tool_call>" + CALL + "</tool_call> for it.",
        "<tool_call>" + CALL + "</tool_call> is how Qwen writes it.",
        "`now` ``now`` ```now```",
        "```python\nnow()\n```",
        '{"name": "Ann"}',
        "[1, 2, 3]",
        "{",
        "[" * 300,
        "<th",
        "<think>never ends <tool_call_a1b2c3d4>{}",
        "<thinking>a < b </thinking>\nHello",
        f"<think>I could write {OPEN}{CALL}{CLOSE}</think>Hello",
        "Hello\n</tool_ca",
        "",
    ],
)
def test_what_is_no_call_stays_text_to_the_letter(text: str) -> None:
    assert at_every_cut(text) == ([Prose(text)] if text else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{OPEN}{CALL}{CLOSE}", [NOW]),
        (f"\n\n{OPEN}\n{CALL}\n{CLOSE}\n", [NOW]),
        (f"I look.\n\n{OPEN}{CALL}{CLOSE}", [Prose("I look."), NOW]),
        (f"I look.\n```json\n{OPEN}{CALL}{CLOSE}\n```\nBye", [Prose("I look."), NOW, Prose("Bye")]),
        (f"```\n{OPEN}{CALL}{CLOSE}\n```", [NOW]),
        (f"{OPEN}\n```json\n{CALL}\n```\n{CLOSE}", [NOW]),
        (f"{OPEN}{CALL}{CLOSE}\n{OPEN}{CALL}{CLOSE}", [NOW, NOW]),
        (f"{OPEN}{CALL}\n{CALL}{CLOSE}", [NOW, NOW]),
        (f"{OPEN}{CALL},{CALL},{CLOSE}", [NOW, NOW]),
        (f"{OPEN}{CALL}", [NOW]),
        (f"{OPEN}{CALL}}}", [NOW]),
        (f"{OPEN}{CALL}\n{OPEN}{CALL}", [NOW, NOW]),
        (f"{OPEN}{CALL}</tool_call>\nBye", [NOW, Prose("Bye")]),
        (f"{OPEN}{CALL}</tool_ca", [NOW]),
        (f"{OPEN.upper()}{CALL}{CLOSE.upper()}", [NOW]),
        (f"{OPEN[:-1]} {CALL}", [NOW]),
        (f"{OPEN[:-1]}{CALL}", [NOW]),
        (f"{OPEN}{CALL}{CLOSE}\n\nNow the other.\n{OPEN}{CALL}{CLOSE}", [NOW, Prose("Now the other."), NOW]),
        (f"{OPEN}{CALL}{CLOSE}\n```\ncode\n```", [NOW, Prose("```\ncode\n```")]),
        (f"```\n{OPEN}{CALL}{CLOSE}``", [NOW]),
        (f"{OPEN}{CALL}{CLOSE}{{}}", [NOW, Prose("{}")]),
        (f"```py\nx\n```\n{OPEN}{CALL}{CLOSE}", [Prose("```py\nx\n```"), NOW]),
        (f"Hello {CLOSE} you{CLOSE}", [Prose("Hello  you")]),
        (f"<think>Hm.</think>\n{OPEN}{CALL}{CLOSE}", [Prose("<think>Hm.</think>"), NOW]),
        (f'{OPEN[:-1]} name="now">{{}}{CLOSE}', [Written("{}", {}, "now")]),
        (f'{OPEN[:-1]} name="now">{{}}\n[]{CLOSE}', [Written("{}", {}, "now"), Written("[]", [], "now")]),
        (f"{OPEN}{CALL}{CLOSE}\n{RESULT} id=1>\nnoon", [NOW, Invented()]),
        (f"Hello\n{RESULT}>noon {OPEN}{CALL}{CLOSE}", [Prose("Hello"), Invented()]),
    ],
)
def test_calls(text: str, found: list[Found]) -> None:
    assert at_every_cut(text) == found


@pytest.mark.parametrize(
    ("text", "said", "unmarked"),
    [
        (f"<tool_call>\n{CALL}\n</tool_call>", "", f"<tool_call>\n{CALL}\n</tool_call>"),
        (f"I look.\n<tool_call>{CALL}</tool_call>\n", "I look.", f"\n<tool_call>{CALL}</tool_call>\n"),
        (CALL, "", CALL),
        (f"```json\n{CALL}\n```", "", f"```json\n{CALL}\n```"),
        ("I look.\n```tool_code\nnow()\n```", "I look.", "\n```tool_code\nnow()\n```"),
        (f"[TOOL_CALLS] [{CALL}]", "", f"[TOOL_CALLS] [{CALL}]"),
        ("<tool_call>a</tool_call>\nor\n<tool_call>b", "<tool_call>a</tool_call>\nor", "\n<tool_call>b"),
    ],
)
def test_an_end_that_looks_like_a_call_of_another_kind_is_told_apart(
    text: str, said: str, unmarked: str
) -> None:
    prose: list[Found] = [Prose(said)] if said else []
    assert at_every_cut(text) == [*prose, Unmarked(unmarked)]


def test_broken_calls_are_found_with_what_is_wrong() -> None:
    found = at_every_cut(f'Hm.\n{OPEN}{{"name": "now", "arguments": {{"a": "half{CLOSE}\n{OPEN}{CALL}{CLOSE}')
    prose, broken, whole = found
    assert (prose, whole) == (Prose("Hm."), NOW)
    assert isinstance(broken, Written)
    assert broken.fault.startswith("a string has no end")


def test_an_empty_call_is_a_broken_one() -> None:
    (broken,) = at_every_cut(f"{OPEN}{CLOSE}")
    assert isinstance(broken, Written)
    assert broken.fault.startswith("no JSON object")


def test_prose_is_handed_on_at_once() -> None:
    one = reader()
    assert one.feed("I ") == [Prose("I ")]
    assert one.feed("look") == [Prose("look")]
    assert one.feed(" it up") == [Prose(" it up")]
    assert one.feed(".\n") == [Prose(".")]
    assert one.feed("a < b") == [Prose("\na < b")]
    assert one.feed(" <tool") == [Prose(" ")]
    assert one.feed("box>") == [Prose("<toolbox>")]


def test_a_call_is_handed_on_when_its_value_is_whole() -> None:
    one = reader()
    assert one.feed(f"{OPEN}{CALL[:-1]}") == []
    assert one.feed("}") == [NOW]


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                " ",
                "\n",
                "<",
                ">",
                "```",
                "`",
                "{",
                "}",
                '"',
                "\\",
                "tool_call",
                "<tool_call>",
                "</tool_call>",
                "_a1b2c3d4",
                OPEN,
                CLOSE,
                RESULT,
                CALL,
                "<think>",
                "</think>",
                "now",
                "[TOOL_CALLS]",
                "json",
            ]
        ),
        max_size=14,
    ),
    st.data(),
)
def test_any_answer_is_read_the_same_however_it_is_cut(tokens: list[str], data: st.DataObject) -> None:
    text = "".join(tokens)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    found = read([text])
    assert read(pieces) == found
    if "<think" not in text:
        said = "".join(each.text for each in found if isinstance(each, Prose))
        assert OPEN not in said
        assert CLOSE not in said


@given(st.text(max_size=200))
def test_text_without_the_nonce_is_never_lost(text: str) -> None:
    found = read(list(text))
    assert "".join(each.text for each in found if isinstance(each, Prose | Unmarked)) == text


@given(
    st.dictionaries(st.text(max_size=5), st.text(max_size=30) | st.just(CLOSE) | st.just(OPEN), max_size=4)
)
def test_any_arguments_come_through(arguments: dict[str, str]) -> None:
    call = {"name": "now", "arguments": arguments}
    for ascii_only in (True, False):
        text = f"Hm.\n{OPEN}{json.dumps(call, ensure_ascii=ascii_only)}{CLOSE}"
        prose, written = read(list(text))
        assert prose == Prose("Hm.")
        assert isinstance(written, Written)
        assert written.value == call
