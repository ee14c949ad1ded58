from demo.tool_use.prompts import BASH, DONE, EDIT, NOW, READ, SHELL, WEATHER, WRITE, prompt
from lmarena_bridge.demo.tool_use.offered import Offer, read_offer
from lmarena_bridge.demo.tool_use.plan import Call, Step, ending, plan

MUST = "You must call at least one of these tools now; do not answer in words."


def offer(*tools: str, rule: str = "") -> Offer:
    read = read_offer(prompt(*tools, rule=rule))
    assert read is not None
    return read


def steps(question: str, *tools: str, rule: str = "", place: str = "") -> list[Step]:
    return plan(question, offer(*tools, rule=rule), place)


def test_a_file_is_written_with_the_tool_for_it_or_with_a_shell() -> None:
    question = "Create hello.py that prints hi."
    content = 'print("hi")\n'
    assert steps(question, BASH, WRITE, place="/w/") == [
        (Call("Write", {"file_path": "/w/hello.py", "content": content}),)
    ]
    command = "printf %s 'print(\"hi\")\n' > hello.py"
    assert steps(question, WEATHER, BASH) == [(Call("Bash", {"command": command}),)]
    assert steps(question, SHELL) == [(Call("shell", {"command": ["bash", "-lc", command]}),)]
    assert steps(question, WEATHER) == []


def test_a_file_is_read_before_it_is_changed() -> None:
    question = "Replace beta with gamma in notes.txt."
    edit = Call("edit", {"path": "notes.txt", "edits": [{"oldText": "beta", "newText": "gamma"}]})
    assert steps(question, EDIT) == [(edit,)]
    assert steps(question, EDIT, READ, place="/w") == [
        (Call("Read", {"file_path": "/w/notes.txt"}),),
        (edit,),
    ]
    assert steps(question, BASH) == [(Call("Bash", {"command": "sed -i 's|beta|gamma|g' notes.txt"}),)]


def test_files_are_shown_and_commands_run() -> None:
    assert steps("Show me notes.txt", READ) == [(Call("Read", {"file_path": "notes.txt"}),)]
    assert steps("Show me notes.txt", BASH) == [(Call("Bash", {"command": "cat notes.txt"}),)]
    assert steps("Run `make`", READ, BASH) == [(Call("Bash", {"command": "make"}),)]


def test_other_questions_go_to_the_tool_that_has_their_words() -> None:
    assert steps("What is the weather in Oslo?", NOW, WEATHER) == [(Call("get_weather", {"city": "Oslo"}),)]
    assert steps("Hello", NOW, WEATHER) == []


def test_the_same_about_several_things_is_asked_at_once_unless_one_at_a_time_is_wanted() -> None:
    oslo, bergen = Call("get_weather", {"city": "Oslo"}), Call("get_weather", {"city": "Bergen"})
    question = "What is the weather in Oslo and in Bergen?"
    assert steps(question, WEATHER) == [(oslo, bergen)]
    assert steps(question, WEATHER, rule="- Call one tool at most in an answer.") == [(oslo,), (bergen,)]


def test_where_a_call_must_be_there_is_one() -> None:
    assert steps("Hello", NOW, WEATHER, rule=MUST) == [(Call("now"),)]
    assert steps("Hello", rule=MUST) == []


def test_some_programs_want_to_hear_that_the_work_is_done() -> None:
    assert ending(offer(NOW, DONE), "Hello", "All done") == Call("attempt_completion", {"result": "All done"})
    assert ending(offer(NOW), "Hello", "All done") is None
