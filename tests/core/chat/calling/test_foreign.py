import pytest

from lmarena_bridge.core.chat.calling.foreign import ForeignCalls

FOREIGN = ForeignCalls(["get_weather", "now"])

OPENERS = [
    "<tool_call>",
    "<TOOL_CALLS>",
    "<function_calls>",
    "<function=get_weather>",
    '<invoke name="now">',
    "[TOOL_CALLS]",
    "<|tool_call_begin|>",
    "<|python_tag|>",
    "<|channel|>commentary to=now",
    "<｜tool▁calls▁begin｜>",
    "```tool_code",
    "```tool_call",
]


@pytest.mark.parametrize("opener", OPENERS)
def test_a_call_of_another_kind_begins_a_line(opener: str) -> None:
    assert FOREIGN.begins(f"{opener} x", at_line=True) == 0
    assert FOREIGN.begins(f"{opener} x", at_line=False) is None
    assert FOREIGN.begins(f"Text {opener} x", at_line=True) is None
    assert FOREIGN.begins(f"Text\n  {opener} x", at_line=False) == 5
    assert FOREIGN.begins(f"{opener}\n{opener}", at_line=False) == len(opener) + 1


@pytest.mark.parametrize("opener", OPENERS)
def test_the_beginning_of_one_is_known_at_every_cut(opener: str) -> None:
    # Behind these an opener is whole.
    for cut in range(1, min(len(opener), 10)):
        assert FOREIGN.may_begin(f"Text\n {opener[:cut]}", at_line=False) == 5
        assert FOREIGN.may_begin(opener[:cut], at_line=True) == 0
        assert FOREIGN.may_begin(opener[:cut], at_line=False) == cut
        assert FOREIGN.may_begin(f"Text {opener[:cut]}", at_line=True) == cut + 5


def test_other_text_begins_none() -> None:
    for text in ("", "Text", "Text\n", "<b>", "Text\n<tool", "```python"):
        begun = FOREIGN.may_begin(text, at_line=True)
        assert begun == (5 if text.endswith("<tool") else len(text))


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("", False),
        ("Text", False),
        ('{"name": "get_weather", "arguments": {', True),
        ('[{"name": "now"', True),
        ('{"tool_calls": [', True),
        ('{"function": {', True),
        ('[ { "tool" : "now"', True),
        ('{"name": "Ann"', False),
        ('{"name": "now_or_never"', False),
        ('{"name": "no', None),
        ("{", None),
        ('{"age": 5, ', None),
        ('{"age": "' + "x" * 200, False),
    ],
)
def test_an_answer_may_be_nothing_but_json_that_names_a_tool(text: str, bare: bool | None) -> None:
    assert FOREIGN.is_bare(text) is bare


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("<tool_call>{", None),
        ("<tool_call>{}</tool_call>", None),
        ("<tool_call>{}</tool_call>\n", None),
        ("<tool_call>{}</tool_call>\n<tool_call>{}</tool_call>", None),
        ("<tool_call>{}</tool_call>\n```", None),
        ("<tool_call>{}</tool_call> is how", 25),
        ("<tool_call>{}</tool_call>\n<tool_call>{}</tool_call> is how", 51),
        ("```tool_code\nnow()\n```\n", None),
        ("```tool_code\nnow()\n``` and", 22),
        ("<function_calls><invoke></invoke></function_calls>", None),
        ("<function_calls><invoke></invoke></function_calls>x", 50),
        ("[TOOL_CALLS] anything", None),
    ],
)
def test_where_something_else_begins(text: str, over: int | None) -> None:
    assert FOREIGN.over(text)[0] == over
    start, found = 0, None
    for cut in range(len(text) + 1):
        if found is None:
            found, start = FOREIGN.over(text[:cut], start)
    assert found == over


def test_each_character_of_a_long_one_is_looked_at_about_once() -> None:
    text = "<tool_call>" + "x" * 1000 + "</tool_call>"
    assert FOREIGN.over(text) == (None, len(text) - len("</tool_call>"))
    assert FOREIGN.over("<tool_call>" + "x" * 1000) == (None, 1011 - 64)


def test_a_tool_is_named_by_its_whole_name() -> None:
    assert FOREIGN.names_tool("print(get_weather('Oslo'))")
    assert not FOREIGN.names_tool("get_weather_now")
    assert not FOREIGN.names_tool("get-now")
    assert not ForeignCalls([]).names_tool("now")
