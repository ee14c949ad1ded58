from lmarena_bridge.core.chat.calling.found import Found, Invented, Prose, Unmarked, Written


def test_each_thing_that_is_found_is_told_by_its_type() -> None:
    found: list[Found] = [Prose("a"), Written("a", value={}), Unmarked("a"), Invented()]
    assert len(set(map(type, found))) == 4
    assert Written("a", fault="why").value is None
