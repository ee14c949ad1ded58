from lmarena_bridge.server.board.passes import Passes


def test_a_pass_holds_for_a_while_also_after_the_next_one_was_given_and_then_no_more() -> None:
    now = [100.0]
    passes = Passes(lambda: now[0])
    assert list(passes.valid) == []
    first = passes.give()
    assert passes.give() == first
    now[0] += 599
    assert list(passes.valid) == [first]
    now[0] += 2
    second = passes.give()
    assert second != first
    assert list(passes.valid) == [second, first]
    now[0] += 601
    assert list(passes.valid) == [second]
    now[0] += 600
    assert list(passes.valid) == []
    assert passes.give() not in (first, second)
