from demo.asking import talk
from demo.tool_use.prompts import BASH, DONE, NONCE, NOW, READ, WEATHER, WRITE, asked, complained, returned
from lmarena_bridge.demo.answers.chat import chat_answer
from lmarena_bridge.demo.tool_use.tool_user import Turn, tool_turn

OPEN, CLOSE = f"<tool_call_{NONCE}>", f"</tool_call_{NONCE}>"


def test_without_tools_it_is_small_talk() -> None:
    assert tool_turn(talk("Hello"), "clean") == Turn(chat_answer(talk("Hello")))
    assert tool_turn(asked("Hello", WEATHER), "clean") == Turn(chat_answer(asked("Hello", WEATHER)))


def test_it_calls_and_reads_the_result_and_answers() -> None:
    question = asked("What is the weather in Oslo?", NOW, WEATHER)
    call = f'{OPEN}{{"name": "get_weather", "arguments": {{"city": "Oslo"}}}}{CLOSE}'
    assert tool_turn(question, "clean").text == f"I will use get_weather for that.\n\n{call}"
    answer = tool_turn(returned(question, ("get_weather", "Rain")), "clean")
    assert answer == Turn("The tool get_weather says: Rain")


def test_it_calls_what_has_not_returned_yet() -> None:
    question = asked("What is the weather in Oslo and in Bergen?", WEATHER)
    text = tool_turn(returned(question, ("get_weather", "Rain")), "clean").text
    assert text.count(OPEN) == 1
    assert '"Bergen"' in text
    both = tool_turn(returned(question, ("get_weather", "Rain"), ("get_weather", "Sun")), "clean")
    assert both.text == "The tool get_weather says: Rain\n\nThe tool get_weather says: Sun"


def test_it_works_in_the_directory_that_it_is_told() -> None:
    question = asked("Create hello.py that prints hi.", WRITE, place="/srv/w")
    assert '"file_path": "/srv/w/hello.py"' in tool_turn(question, "clean").text
    assert tool_turn(returned(question, ("Write", "ok")), "clean").text == "Done: hello.py is written."


def test_each_kind_of_work_has_its_last_words() -> None:
    show = returned(asked("Show me notes.txt", READ), ("Read", "alpha"))
    assert tool_turn(show, "clean").text == "This is what notes.txt holds:\n\nalpha"
    run = returned(asked("Run `date`", BASH), ("Bash", "Monday"))
    assert tool_turn(run, "clean").text == "The command `date` says:\n\nMonday"
    change = returned(asked("Replace a with b in x.txt", BASH), ("Bash", ""))
    assert tool_turn(change, "clean").text == "Done: x.txt now says “b” instead of “a”."


def test_a_tool_that_fails_is_told_of() -> None:
    failed = returned(asked("Show me notes.txt", READ), ("Read", "Error: no such file"))
    assert tool_turn(failed, "clean").text == "The tool Read could not do it: Error: no such file"


def test_a_program_that_wants_to_hear_of_the_end_hears_it_once() -> None:
    run = returned(asked("Run `date`", BASH, DONE), ("Bash", "Monday"))
    assert '"name": "attempt_completion"' in tool_turn(run, "clean").text
    done = returned(run, ("attempt_completion", "ok"))
    assert OPEN not in tool_turn(done, "clean").text


def test_who_is_corrected_writes_it_properly() -> None:
    question = asked("What is the weather in Oslo?", WEATHER)
    assert OPEN not in tool_turn(question, "foreign").text
    assert tool_turn(complained(question), "foreign").text.startswith(OPEN)


def test_thoughts_hold_a_marker_that_is_no_call() -> None:
    question = asked("What is the weather in Oslo?", WEATHER)
    turn = tool_turn(question, "thinker")
    assert f'{OPEN}{{"name": "get_weather", "arguments": {{}}}}{CLOSE}' in turn.thoughts
    assert tool_turn(returned(question, ("get_weather", "Rain")), "thinker").thoughts
    assert tool_turn(question, "clean").thoughts == ""
