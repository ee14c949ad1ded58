from lmarena_bridge.core.config.jsonc_tree import Container, Document, Leaf, Member

TEXT = '{\n  "a": [1, 22],\n  "a": 3\n}'
LIST = Container(9, 16, (Member(0, 10, Leaf(10, 11, 1)), Member(1, 13, Leaf(13, 15, 22))), None, [1, 22])
ROOT = Container(0, 28, (Member("a", 4, LIST), Member("a", 20, Leaf(25, 26, 3))), None, {"a": 3})
DOCUMENT = Document(TEXT, ROOT)


def test_the_last_member_of_a_name_counts() -> None:
    assert ROOT.find("a") == ROOT.members[1]
    assert LIST.find(1) == LIST.members[1]
    assert ROOT.find("b") is None


def test_a_document_gives_the_value_of_its_root() -> None:
    assert DOCUMENT.value == {"a": 3}


def test_a_value_and_its_name_have_their_places() -> None:
    assert DOCUMENT.position(("a",)) == (3, 8)
    assert DOCUMENT.name_position(("a",)) == (3, 3)
    assert DOCUMENT.position(()) == (1, 1)
    assert DOCUMENT.name_position(()) == (1, 1)


def test_the_place_of_an_item_is_found_by_its_index() -> None:
    document = Document(TEXT, Container(0, 28, (Member("a", 4, LIST),), None, {"a": [1, 22]}))
    assert document.position(("a", 1)) == (2, 12)


def test_what_is_missing_is_where_the_value_around_it_is() -> None:
    assert DOCUMENT.position(("b", "c")) == (1, 1)
    assert DOCUMENT.position(("a", "b")) == (3, 8)
