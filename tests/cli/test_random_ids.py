import uuid
from concurrent.futures import ThreadPoolExecutor

from lmarena_bridge.cli.random_ids import random_ids


def test_ids_are_uuids_of_version_4_and_all_different() -> None:
    random_id = random_ids()
    made = [random_id() for _ in range(2000)]
    for text in made:
        read = uuid.UUID(text)
        assert (str(read), read.version, read.variant) == (text, 4, uuid.RFC_4122)
    assert len(set(made)) == len(made)
    assert len({text[19] for text in made}) == 4


def test_threads_never_get_the_same_one() -> None:
    random_id = random_ids()
    with ThreadPoolExecutor(4) as pool:
        made = [
            each for part in pool.map(lambda _: [random_id() for _ in range(500)], range(8)) for each in part
        ]
    assert len(set(made)) == len(made) == 4000
