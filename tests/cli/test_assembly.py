import uuid

from lmarena_bridge.cli.assembly import random_id


def test_ids_are_uuids_of_version_4_and_all_different() -> None:
    made = [random_id() for _ in range(2000)]
    for text in made:
        read = uuid.UUID(text)
        assert (str(read), read.version, read.variant) == (text, 4, uuid.RFC_4122)
    assert len(set(made)) == len(made)
    assert len({text[19] for text in made}) == 4
