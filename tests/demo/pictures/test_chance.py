from lmarena_bridge.demo.pictures.chance import Chance


def test_the_same_seed_gives_the_same_row() -> None:
    first, second, other = Chance("a"), Chance("a"), Chance("b")
    row = [first.between(0, 1) for _ in range(50)]
    assert row == [second.between(0, 1) for _ in range(50)]
    assert row != [other.between(0, 1) for _ in range(50)]


def test_numbers_stay_within_their_bounds() -> None:
    chance = Chance("seed \ud83e")
    assert all(-2 <= chance.between(-2, 3) <= 3 for _ in range(500))
    assert {chance.whole(1, 3) for _ in range(500)} == {1, 2, 3}
