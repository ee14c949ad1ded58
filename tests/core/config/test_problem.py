from lmarena_bridge.core.config.jsonc_tree import Container, Document, Leaf, Member
from lmarena_bridge.core.config.problem import Problem, Report, config_error, errors, warnings
from lmarena_bridge.core.sentences import Sentence, plain


def text(said: str) -> Sentence:
    return plain(said, "test")


DOCUMENT = Document(
    '{\n  "port": 0\n}', Container(0, 15, (Member("port", 4, Leaf(12, 13, 0)),), None, {"port": 0})
)
WRONG = Problem("error", "config.jsonc", text("this is wrong"), 2, 11, "port")
ODD = Problem("warning", "models.json", text("this is odd"))


def test_a_problem_says_its_place_if_it_has_one() -> None:
    assert str(WRONG) == "config.jsonc, line 2, column 11: this is wrong"
    assert str(ODD) == "models.json: this is odd"
    assert (str(WRONG.where), str(ODD.where)) == ("config.jsonc, line 2, column 11", "models.json")


def test_an_error_points_at_the_value_and_a_warning_at_the_name() -> None:
    report = Report("config.jsonc", DOCUMENT)
    report.error(("port",), text("must be greater"))
    report.warning(("port",), text("is odd"))
    assert report.problems == (
        Problem("error", "config.jsonc", text("must be greater"), 2, 11, "port"),
        Problem("warning", "config.jsonc", text("is odd"), 2, 3, "port"),
    )


def test_the_key_of_a_nested_value_is_its_whole_path() -> None:
    report = Report("model_endpoint_map.json", DOCUMENT)
    report.error(("gpt", 0, "mode"), text("must be another"))
    assert report.problems[0].key == "gpt.0.mode"


def test_errors_and_warnings_are_told_apart() -> None:
    assert errors([WRONG, ODD]) == (WRONG,)
    assert warnings([WRONG, ODD]) == (ODD,)


def test_all_errors_become_one_with_a_line_each() -> None:
    other = Problem("error", "models.json", text("that too"))
    error = config_error([ODD, WRONG, other])
    assert error is not None
    assert error.message == "config.jsonc, line 2, column 11: this is wrong\nmodels.json: that too"
    assert (error.param, error.status, error.code) == ("port", 500, "config_error")


def test_an_error_without_a_key_has_no_param() -> None:
    error = config_error([Problem("error", "models.json", text("gone"))])
    assert error is not None
    assert error.param is None


def test_one_error_alone_can_be_said_in_other_languages() -> None:
    error = config_error([ODD, WRONG])
    assert error is not None
    assert error.said == WRONG.sentence
    assert error.message == str(WRONG)


def test_warnings_alone_are_no_error() -> None:
    assert config_error([ODD]) is None
