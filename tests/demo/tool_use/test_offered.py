import pytest

from demo.tool_use.prompts import BASH, EDIT, NONCE, NOW, SHELL, WEATHER, WRITE, prompt
from lmarena_bridge.demo.tool_use.offered import Argument, Offer, OfferedTool, read_offer


def test_a_prompt_without_tools_offers_none() -> None:
    assert read_offer("") is None
    assert read_offer("You are kind.") is None
    assert read_offer('<tool_call_00>{"name": "the_tool"') is None


def test_tools_are_read_with_their_arguments() -> None:
    offer = read_offer(prompt(WEATHER, NOW, BASH))
    assert offer is not None
    assert offer == Offer(NONCE, offer.tools)
    assert offer.tools == (
        OfferedTool("get_weather", "The weather of a city", (Argument("city", False, "string // its name"),)),
        OfferedTool("now", "The time", ()),
        OfferedTool(
            "Bash",
            "Runs a command",
            (
                Argument("command", False, "string"),
                Argument("description", True, "string"),
                Argument("timeout", True, "integer"),
            ),
        ),
    )


def test_an_example_in_a_description_is_no_argument() -> None:
    offer = read_offer(prompt(WRITE, SHELL))
    assert offer is not None
    write, shell = offer.tools
    assert write.about.startswith("Writes a file.\n\nAn example:")
    assert [argument.name for argument in write.arguments] == ["file_path", "content"]
    assert (shell.name, shell.about) == ("shell", "")


def test_objects_have_members() -> None:
    offer = read_offer(prompt(EDIT))
    assert offer is not None
    (edit,) = offer.tools
    _, edits = edit.arguments
    assert edits.kind == "{}[] // one or more"
    assert [member.name for member in edits.members] == ["oldText", "newText"]


def test_what_is_cut_off_is_read_as_far_as_it_goes() -> None:
    offer = read_offer(prompt("half\n{\n  a: {\n    b: string"))
    assert offer is not None
    assert offer.tools == ()
    offer = read_offer(prompt("half\n{\n  a: {\n    b: string\n}"))
    assert offer is not None
    assert offer.tools[0].arguments[0].members == (Argument("b", False, "string"),)


@pytest.mark.parametrize(
    ("rule", "must", "single"),
    [
        ("", False, False),
        ("You must call at least one of these tools now; do not answer in words.", True, False),
        ("- Call one tool at most in an answer.", False, True),
    ],
)
def test_rules_are_read(rule: str, must: bool, single: bool) -> None:
    offer = read_offer(prompt(NOW, rule=rule))
    assert offer is not None
    assert (offer.must, offer.single) == (must, single)
