from lmarena_bridge.core.api.openai.usage import usage_fields
from lmarena_bridge.core.chat.events import Usage


def test_what_the_site_counted_is_told_with_its_sum() -> None:
    assert usage_fields([Usage(3, 5)]) == {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}


def test_what_the_bridge_counted_is_marked() -> None:
    estimated = usage_fields([Usage(3, 5), Usage(3, 6, reasoning_tokens=2, estimated=True)])
    assert estimated["estimated"] is True
    assert estimated["completion_tokens_details"] == {"reasoning_tokens": 2}
    assert estimated["total_tokens"] == 17


def test_what_the_site_did_not_count_is_zero() -> None:
    assert usage_fields([None]) == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def test_all_answers_of_a_request_are_counted_together() -> None:
    usages = [Usage(3, 5), None, Usage(3, 1)]
    assert usage_fields(usages) == {"prompt_tokens": 6, "completion_tokens": 6, "total_tokens": 12}
