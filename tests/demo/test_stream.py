import json

from lmarena_bridge.demo import stream
from lmarena_bridge.demo.stream import Source


def test_a_text_line_is_side_code_colon_json() -> None:
    assert stream.text("a", "Hello ") == 'a0:"Hello "\n'
    assert stream.text("b", 'a "quote"\nand more') == 'b0:"a \\"quote\\"\\nand more"\n'


def test_characters_go_as_they_are_and_half_emoji_as_escapes() -> None:
    assert stream.text("a", "zażółć 🦦 \u2028") == 'a0:"zażółć 🦦 \u2028"\n'
    assert stream.text("a", "\ud83e") == 'a0:"\\ud83e"\n'
    stream.text("a", "\udda6").encode("utf-8")


def test_the_forms_of_the_other_parts() -> None:
    assert stream.reasoning("a", "") == 'ag:""\n'
    assert stream.heartbeat("b") == 'b2:[{"type":"heartbeat"}]\n'
    assert stream.error("a", "no") == 'a3:"no"\n'
    picture = 'a2:[{"type":"image","image":"https://x/y.png","mimeType":"image/png"}]\n'
    assert stream.image("a", "https://x/y.png") == picture
    assert stream.inline_image("a", "AAAA") == 'a2:[{"type":"image","data":"AAAA","mimeType":"image/png"}]\n'
    assert stream.file("b", "AAAA") == 'bk:{"data":"AAAA","mimeType":"image/png"}\n'


def test_a_finish_says_usage_only_when_given() -> None:
    assert stream.finish("a") == 'ad:{"finishReason":"stop"}\n'
    with_usage = 'bd:{"finishReason":"length","usage":{"promptTokens":3,"completionTokens":4}}\n'
    assert stream.finish("b", "length", (3, 4)) == with_usage


def test_one_source_is_an_object_and_several_are_a_list() -> None:
    source = Source("1", "https://example.org/a", "A page", 0, 9)
    for sources, expected in (([source], dict), ([source, source], list)):
        value = json.loads(stream.citation("a", sources)[3:])
        assert value["toolCallId"] == "citation-source"
        inner = json.loads(value["argsTextDelta"])["source"]
        assert isinstance(inner, expected)
        first = inner if isinstance(inner, dict) else inner[0]
        assert first == {
            "url": "https://example.org/a",
            "id": "1",
            "charLocation": [0, 9],
            "title": "A page",
            "favicon": "https://example.org/favicon.ico",
        }
