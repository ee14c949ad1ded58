"""libFuzzer against the parser of the site's stream: cut anywhere, it must say the same, or refuse.

Run by test_strangers_tools.py: `python parse_stream.py CORPUS -max_total_time=60`.
"""

import sys

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports():
    from lmarena_bridge.core.chat.events import ReasoningDelta, TextDelta, part_by_part
    from lmarena_bridge.core.errors import SiteError
    from lmarena_bridge.core.site.stream import StreamParser


def told(pieces: list[bytes]) -> list[object]:
    """The events, texts that follow each other as one; an error is the last of them."""
    parser = StreamParser("a")
    events: list[object] = []
    try:
        for piece in pieces:
            events += part_by_part(parser.feed(piece))
        events += parser.close()
    except SiteError as error:
        events.append(error.code)
    return joined(events)


def joined(events: list[object]) -> list[object]:
    whole: list[object] = []
    for event in events:
        match event, whole[-1:]:
            case (TextDelta(), [TextDelta() as last]):
                whole[-1] = TextDelta(last.text + event.text)
            case (ReasoningDelta(), [ReasoningDelta() as last]):
                whole[-1] = ReasoningDelta(last.text + event.text)
            case _:
                whole.append(event)
    return whole


def one_input(data: bytes) -> None:
    step = 1 + data[0] % 7 if data else 1
    stream = data[1:]
    cut = told([stream[at : at + step] for at in range(0, len(stream), step)])
    if (whole := told([stream])) != cut:
        raise AssertionError(f"whole {whole!r}, cut {cut!r}")


atheris.Setup(sys.argv, one_input)
atheris.Fuzz()
