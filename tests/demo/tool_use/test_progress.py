from demo.asking import talk
from demo.tool_use.prompts import asked, complained, returned
from lmarena_bridge.demo.tool_use.progress import Progress, Returned, read_progress


def test_a_question_is_where_the_work_begins() -> None:
    assert read_progress(asked("The weather?")) == Progress("The weather?", (), corrected=False)
    assert read_progress(talk()) == Progress("", (), corrected=False)


def test_results_belong_to_the_question_before_them() -> None:
    first = returned(asked("The weather?"), ("get_weather", "Rain"), ("now", "Noon\nor so"))
    second = returned(first, ("get_weather", "Sun"))
    assert read_progress(second) == Progress(
        "The weather?",
        (Returned("get_weather", "Rain"), Returned("now", "Noon\nor so"), Returned("get_weather", "Sun")),
        corrected=False,
    )


def test_a_complaint_is_no_question() -> None:
    assert read_progress(complained(asked("The weather?"))) == Progress("The weather?", (), corrected=True)


def test_what_programs_add_about_themselves_is_no_question() -> None:
    conversation = talk(
        ("user", "Hello"),
        ("user", "<environment_context>\n<cwd>/x</cwd>\n</environment_context>"),
        ("user", "<system-reminder>Be kind</system-reminder>\nWhat now?"),
    )
    assert read_progress(conversation).question == "What now?"
    assert read_progress(talk(*[("user", turn.text) for turn in conversation.turns[:2]])).question == "Hello"


def test_a_failure_is_told_apart() -> None:
    assert Returned("Read", "<tool_use_error>File does not exist</tool_use_error>").failed
    assert Returned("Read", "Error: no such file").failed
    assert not Returned("Read", "No errors here").failed
    assert read_progress(talk("<tool_result_x>\nRain\n</tool_result_x>")).returned == (Returned("", "Rain"),)
