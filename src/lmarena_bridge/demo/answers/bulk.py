"""Any amount of text in which every sixteen characters say where they stand.

`000000000000000 000000000000016 …`: a lost, doubled or moved byte shows, and where it happened too.
"""

RECORD = 16


def bulk_text(start: int, end: int) -> str:
    """The characters from offset `start` to `end` (all ASCII, so characters are bytes)."""
    first = start // RECORD
    records = "".join(f"{number * RECORD:015d} " for number in range(first, -(-end // RECORD)))
    return records[start - first * RECORD : end - first * RECORD]
