from lmarena_bridge.core.tabs.effects import Send
from lmarena_bridge.core.tabs.messages import HeldStream, Resumed
from lmarena_bridge.core.tabs.resuming import resume
from lmarena_bridge.core.tabs.tab import Stream, Tab, commands
from support.play import hello, job


def test_each_stream_goes_on_is_asked_for_again_or_is_lost() -> None:
    tab = Tab(hello(), 2)
    for number in range(1, 6):
        stream = tab.streams[number] = Stream.of(number, job(f"j{number}"), 100, now=0.0)
        if number != 4:
            stream.open()
            assert stream.flow.advance(0, 6)
    held = (
        HeldStream(1, "j1", 0, 9),
        HeldStream(2, "j2", 7, 9),
        HeldStream(3, "j3", 0, 5),
        HeldStream(5, "another server's", 0, 9),
    )
    found = resume(tab, hello(streams=held), 2, 50.0)
    assert found.goes_on == [Resumed(1, 6, 100)]
    assert found.again == [Send(2, commands(4, job("j4"), 100))]
    assert [stream.number for stream in found.lost] == [2, 3, 5]
    assert [stream.heard_at for stream in tab.streams.values()] == [50.0, 0.0, 0.0, 0.0, 0.0]
