from lmarena_bridge.core.releases.errors import NotInstalled, NotReached, NotTrusted


def test_only_what_mends_itself_may_be_tried_again() -> None:
    assert NotReached("no network").retryable
    assert not NotTrusted("forged").retryable
    assert not NotInstalled("no pip").retryable
    assert len({each.code for each in (NotReached, NotTrusted, NotInstalled)}) == 3
