from collections.abc import Sequence

from lmarena_bridge.core.chat.events import ChatEvent, Finished, FinishReason
from lmarena_bridge.core.chat.passes import Pass


class AsItIs(Pass):
    def feed(self, events: Sequence[ChatEvent]) -> Sequence[ChatEvent]:
        return events


def test_a_pass_is_content_unless_it_says_otherwise() -> None:
    one_pass = AsItIs()
    end = Finished(FinishReason.STOP)
    assert one_pass.feed([end]) == [end]
    assert one_pass.again() is None
    assert one_pass.failed() == ()
    assert not one_pass.done
