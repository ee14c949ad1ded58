"""The ledger's figures out of the person's settings."""

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.tabs.rules import Rules


def rules_of(settings: Settings) -> Rules:
    return Rules(
        tab_policy=settings.tab_policy,
        jobs_per_tab=settings.jobs_per_tab,
        queue_limit=settings.queue_limit,
        jobs_per_client=settings.jobs_per_key,
        queue_limit_per_client=settings.queue_limit_per_key,
        queue_timeout=settings.queue_timeout_seconds,
        tab_wait=settings.tab_wait_seconds,
        resume_grace=settings.resume_grace_seconds,
        answer_timeout=settings.stream_response_timeout_seconds,
    )
