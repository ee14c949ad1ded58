from lmarena_bridge.demo.directives import (
    DIRECTIVE_GROUPS,
    DIRECTIVES,
    read_directives,
    without_directives,
)


def test_directives_are_read_in_the_order_in_which_they_stand() -> None:
    found = read_directives("Hi #arena:cut=3 there #arena:429\n#arena:usage")
    assert found.as_written() == ["cut=3", "429", "usage"]
    assert "cut" in found
    assert "torn" not in found


def test_unknown_directives_are_ignored() -> None:
    assert read_directives("#arena:fly #arena: #arena").as_written() == []


def test_numbers_and_words_have_defaults_for_what_makes_no_sense() -> None:
    found = read_directives("#arena:cut=x #arena:slow=1.5 #arena:lines #arena:finish=length #arena:size=-4")
    assert found.count("cut", 7) == 7
    assert found.number("slow", 0) == 1.5
    assert found.count("lines", 5000) == 5000
    assert found.count("size", 9) == 9
    assert found.word("finish", "stop") == "length"
    assert found.word("pace", "none") == "none"


def test_what_a_model_sees_holds_no_directives() -> None:
    assert without_directives("Hi #arena:cut=3 there #arena:torn") == "Hi there"
    assert without_directives("#arena:hang") == ""
    assert without_directives("  two\n\nparagraphs ") == "two\n\nparagraphs"
    assert without_directives("def f():\n    return 1") == "def f():\n    return 1"


def test_every_directive_is_listed_once() -> None:
    assert sum(len(group) for group in DIRECTIVE_GROUPS.values()) == len(DIRECTIVES)
    for usage in DIRECTIVES:
        name, _, value = usage.partition("=")
        assert read_directives(f"#arena:{name}" + (f"={value}" if value else "")).as_written() == [usage]
