from lmarena_bridge.core.tabs.effects import Job
from lmarena_bridge.core.tabs.line import Line, Queued
from support.play import job


def line(*names: str) -> Line:
    """Jobs named after their clients: "a1" is the first one of client a."""
    line = Line()
    for name in names:
        line.add(Queued(job(name, client=name[0]), since=0, told_at=0))
    return line


def order(line: Line) -> list[str]:
    """The names as their turns come."""
    names = []
    while (found := line.next(lambda work: work)) is not None:
        names.append(found[0].job.id)
    return names


def test_one_client_is_served_in_the_order_of_asking() -> None:
    assert order(line("a1", "a2", "a3")) == ["a1", "a2", "a3"]


def test_a_line_is_used_while_somebody_stands_in_it() -> None:
    waiting = line("a1")
    assert waiting.client_of
    assert order(waiting) == ["a1"]
    assert not waiting.client_of


def test_clients_are_served_in_turn() -> None:
    assert order(line("a1", "a2", "a3", "b1", "c1", "c2")) == ["a1", "b1", "c1", "a2", "c2", "a3"]


def test_who_comes_back_comes_after_all_others() -> None:
    waiting = line("a1", "b1", "b2")
    assert waiting.next(lambda work: work)
    waiting.add(Queued(job("a2", client="a"), since=0, told_at=0))
    assert order(waiting) == ["b1", "a2", "b2"]


def test_a_job_without_a_place_holds_up_neither_its_client_nor_the_others() -> None:
    waiting = line("a1", "a2", "b1")

    def place(work: Job) -> str | None:
        return "here" if work.id in ("a2", "b1") else None

    taken = []
    while (found := waiting.next(place)) is not None:
        queued, where = found
        taken.append((queued.job.id, where))
    assert taken == [("a2", "here"), ("b1", "here")]
    assert [queued.job.id for queued in waiting] == ["a1"]


def test_a_job_leaves_the_line_once() -> None:
    waiting = line("a1", "b1")
    assert "a1" in waiting
    left = waiting.remove("a1")
    assert left is not None
    assert left.job.id == "a1"
    assert waiting.remove("a1") is None
    assert "a1" not in waiting
    assert (len(waiting), waiting.of("a"), waiting.of("b")) == (1, 0, 1)


def test_the_line_may_change_while_it_is_looked_through() -> None:
    waiting = line("a1", "a2", "b1")
    for queued in waiting:
        waiting.remove(queued.job.id)
    assert len(waiting) == 0


def test_who_has_most_in_line_has_a_last_job_to_give_up() -> None:
    waiting = line("a1", "b1", "b2", "b3", "c1")
    last = waiting.last_of_longest(than="a")
    assert last is not None
    assert last.job.id == "b3"
    assert waiting.last_of_longest(than="b") is None


def test_among_equals_nobody_gives_way() -> None:
    assert line("a1", "b1").last_of_longest(than="b") is None
