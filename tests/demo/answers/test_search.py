from demo.asking import talk
from lmarena_bridge.demo.answers.search import Cited, search_answer


def test_every_marker_in_the_text_has_its_source() -> None:
    answer = search_answer(talk("Who builds bridges?"))
    text = "".join(piece for piece in answer if isinstance(piece, str))
    cited = [source for piece in answer if isinstance(piece, Cited) for source in piece.sources]
    assert [source.id for source in cited] == ["1", "2", "3"]
    assert all(f"[{source.id}]" in text for source in cited)
    assert all(source.title.endswith("Who builds bridges?") for source in cited)
    assert cited[0].url == "https://example.org/1/who-builds-bridges"


def test_a_source_says_which_part_of_the_text_it_belongs_to() -> None:
    answer = search_answer(talk("bridges"))
    text = "".join(piece for piece in answer if isinstance(piece, str))
    first, second = [piece.sources for piece in answer if isinstance(piece, Cited)]
    assert len(first) == 1 and len(second) == 2
    assert text[first[0].start : first[0].end].endswith("[1]")
    assert text[second[0].start : second[0].end].endswith("[2][3]")


def test_the_answer_speaks_the_language_of_the_question() -> None:
    text = "".join(
        piece for piece in search_answer(talk("Kto buduje mosty? Cześć")) if isinstance(piece, str)
    )
    assert text.startswith("O „Kto buduje mosty? Cześć”")


def test_a_question_without_letters_still_has_addresses() -> None:
    cited = [piece for piece in search_answer(talk("…")) if isinstance(piece, Cited)]
    assert cited[0].sources[0].url == "https://example.org/1/topic"
