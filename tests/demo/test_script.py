import json
from typing import Any

from demo.asking import model, parts, talk, text_of
from lmarena_bridge.demo.answers.bulk import bulk_text
from lmarena_bridge.demo.answers.chat import chat_answer
from lmarena_bridge.demo.directives import read_directives
from lmarena_bridge.demo.models import DEMO_MODELS
from lmarena_bridge.demo.pictures.easel import Easel
from lmarena_bridge.demo.script import script

EASEL = Easel(lambda picture, expired: f"https://x/{picture.number}?expired={expired}")


def said(name: str, *texts: str, directives: str = "") -> str:
    return "".join(script(model(name), talk(*texts), read_directives(directives), EASEL))


def codes(stream: str) -> str:
    """The side and code of each line, runs of one kind as one."""
    kinds = [f"{side}{code}" for side, code, _ in parts(stream)]
    return " ".join(kind for index, kind in enumerate(kinds) if kinds[index - 1 : index] != [kind])


def test_the_chatty_model_streams_text_and_stops() -> None:
    stream = said("demo-chat", "Hello")
    assert codes(stream) == "a0 ad"
    assert text_of(stream) == chat_answer(talk("Hello"))
    assert parts(stream)[-1] == ("a", "d", {"finishReason": "stop"})


def test_the_thinker_thinks_first_and_its_first_thought_is_empty() -> None:
    stream = said("demo-thinker", "What is 2 + 2?")
    assert codes(stream) == "ag a0 ad"
    assert parts(stream)[0] == ("a", "g", "")
    assert text_of(stream) == "That is easy: 2 + 2 = 4."


def test_the_search_model_cites_one_source_and_then_two() -> None:
    stream = said("demo-search", "bridges")
    assert codes(stream) == "a0 ac a0 ac ad"
    cited: list[Any] = [json.loads(value["argsTextDelta"]) for _, code, value in parts(stream) if code == "c"]
    assert isinstance(cited[0]["source"], dict)
    assert len(cited[1]["source"]) == 2


def test_the_painter_beats_and_shows_a_link() -> None:
    stream = said("demo-painter", "a boat")
    assert codes(stream) == "a2 ad"
    assert parts(stream)[0][2] == [{"type": "heartbeat"}]
    picture = {"type": "image", "image": "https://x/0?expired=False", "mimeType": "image/png"}
    assert parts(stream)[-2][2] == [picture]


def test_a_battle_streams_the_side_of_the_retried_message_only() -> None:
    assert codes(said("demo-left", "Hi")) == "a0 ad"
    assert codes(said("demo-right", "Hi")) == "b0 bd"


def test_a_duel_interleaves_both_sides_and_each_has_its_end() -> None:
    stream = said("demo-duel-b", "Hi")
    sides = [side for side, code, _ in parts(stream) if code == "0"]
    assert sides[:4] == ["a", "b", "a", "b"]
    assert text_of(stream, "b").startswith("Hm, let me weigh that.")
    assert text_of(stream, "a").endswith("So say I, the other one.")
    assert [(side, code) for side, code, _ in parts(stream) if code == "d"] == [("b", "d"), ("a", "d")]


def test_any_model_can_be_made_to_let_the_other_side_talk() -> None:
    stream = said("demo-chat", "Hi", directives="#arena:both-sides")
    assert text_of(stream, "a") == chat_answer(talk("Hi"))
    assert text_of(stream, "b").startswith("Hm,")


def test_a_big_answer_is_the_known_pattern_in_lines_of_the_wanted_length() -> None:
    stream = said("demo-chat", "x", directives="#arena:size=100000 #arena:line=30000")
    assert text_of(stream) == bulk_text(0, 100_000)
    assert [len(value) for _, code, value in parts(stream) if code == "0"] == [30_000, 30_000, 30_000, 10_000]


def test_many_lines_are_as_many_as_asked() -> None:
    stream = said("demo-chat", "x", directives="#arena:lines=5000")
    assert len(parts(stream)) == 5001
    assert text_of(stream).endswith("word4998 word4999 ")


def test_usage_and_finish_reason_on_request() -> None:
    finish = parts(said("demo-chat", "What is 2 + 2?", directives="#arena:usage #arena:finish=length"))[-1][2]
    assert finish == {"finishReason": "length", "usage": {"promptTokens": 5, "completionTokens": 8}}


def test_odd_texts_on_request() -> None:
    odd = {
        "quoted-challenge": "<title>Just a moment...</title>",
        "brackets": 'b0:"not a line of its own"',
        "line-separators": "one\u2028two\u2029three\u0085four",
        "arena-error": "hasArenaError",
    }
    for directive, text in odd.items():
        assert text in text_of(said("demo-chat", "x", directives=f"#arena:{directive}"))


def test_an_emoji_can_come_in_two_halves() -> None:
    stream = said("demo-chat", "x", directives="#arena:surrogates")
    halves = [value for _, code, value in parts(stream) if code == "0"]
    assert halves[0][-1] == "\ud83e" and halves[1][0] == "\udda6"
    assert "".join(halves).encode("utf-16", "surrogatepass").decode("utf-16") == (
        "Half an emoji 🦦 and the other half."
    )
    stream.encode("utf-8")


def test_every_model_answers_a_system_prompt_alone() -> None:
    lone = talk(("system", "Be kind"))
    for each in DEMO_MODELS:
        stream = "".join(script(each, lone, read_directives(""), EASEL))
        assert (each.side, "d", {"finishReason": "stop"}) in parts(stream)


def test_a_tool_user_thinks_only_if_it_is_the_one_that_does() -> None:
    assert codes(said("demo-tools", "Hello")) == "a0 ad"
    assert text_of(said("demo-tools-thinker", "Hello")) == chat_answer(talk("Hello"))
