from lmarena_bridge.core.tabs.effects import Send
from lmarena_bridge.core.tabs.messages import HeldStream, Resumed
from lmarena_bridge.core.tabs.resuming import resume
from lmarena_bridge.core.tabs.tab import Tab, commands
from support.play import hello, job, stream


def test_each_stream_goes_on_is_asked_for_again_or_is_lost() -> None:
    tab = Tab(hello(), 2)
    for number in range(1, 6):
        running = tab.streams[number] = stream(number, job(f"j{number}"))
        if number != 4:
            running.open()
            assert running.flow.advance(0, 6)
    held = (
        HeldStream(1, "j1", 0, 9),
        HeldStream(2, "j2", 7, 9),
        HeldStream(3, "j3", 0, 5),
        HeldStream(5, "another server's", 0, 9),
    )
    found = resume(tab, hello(streams=held), 2, 50.0)
    assert found.goes_on == [Resumed(1, 6, 100)]
    assert found.again == [Send(2, commands(4, job("j4"), 100))]
    assert [lost.number for lost in found.lost] == [2, 3, 5]
    assert [each.heard_at for each in tab.streams.values()] == [50.0, 0.0, 0.0, 0.0, 0.0]
