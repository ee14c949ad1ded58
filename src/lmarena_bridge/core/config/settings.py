"""config.jsonc: every setting, declared once.

Names and defaults of the first group are those that users of earlier bridges have in their files.
"""

from dataclasses import dataclass, fields, is_dataclass
from typing import Final, Literal

from lmarena_bridge.core.config.answer_settings import AnswerSettings
from lmarena_bridge.core.config.api_keys import ApiKey, ApiKeys, named_keys
from lmarena_bridge.core.config.checks import (
    Choice,
    FilledText,
    Flag,
    Seconds,
    Text,
    Texts,
    Whole,
)
from lmarena_bridge.core.config.origins import Origins
from lmarena_bridge.core.config.setting import declared, setting

_SESSION: Final = "The conversation on the site that answers"
_API: Final = "The API"
_SERVER: Final = "Where the server listens (a change needs a restart)"
_GUARDS: Final = "Who may call"
_WORK: Final = "Tabs and waiting"
_SITE: Final = "How requests to the site are built"
_MESSAGES: Final = "What is sent to the model"
_PICTURES: Final = "Pictures that models draw"

_DAY: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(AnswerSettings):
    """The values of config.jsonc, checked; what the file does not say has its default."""

    session_id: str = setting(
        "",
        Text(),
        section=_SESSION,
        about="""These two ids are used for every model that has none of its own in
            model_endpoint_map.json. `lmarena-bridge session capture` enters them. By hand: click Retry on
            an answer of the site; the page's own request goes to …/<session_id>/messages/<message_id>.""",
    )
    message_id: str = setting("", Text(), section=_SESSION)
    session_profile: str = setting(
        "",
        Text(),
        section=_SESSION,
        about="""The browser profile whose login these ids belong to; `lmarena-bridge session capture`
            enters it, and only tabs of that profile are used. Empty: any tab. Empty it when you enter
            ids by hand.""",
    )
    id_updater_last_mode: Literal["direct_chat", "battle"] = setting(
        "direct_chat",
        Choice(("direct_chat", "battle")),
        section=_SESSION,
        about='The kind of chat the ids were taken from: "direct_chat" or "battle".',
    )
    id_updater_battle_target: Literal["A", "B"] = setting(
        "A",
        Choice(("A", "B")),
        section=_SESSION,
        about="""In a battle: the side whose Retry was clicked, "A" (left) or "B" (right). Search models
            work on side A only.""",
    )
    use_default_ids_if_mapping_not_found: bool = setting(
        True,
        Flag(),
        section=_SESSION,
        about="false: a model that is not in model_endpoint_map.json is refused instead.",
    )
    api_key: str | tuple[str | ApiKey, ...] = setting(
        "",
        ApiKeys(),
        section=_API,
        secret=True,
        about="""What clients must send as their API key: one text, or a list of several. One of them can have
            a name and a limit: {"name": "phone", "key": "…", "requests_per_minute": 20}. Empty: no key is
            asked for, and only this computer can connect.""",
    )
    stream_response_timeout_seconds: float = setting(
        360.0,
        Seconds(1, _DAY),
        section=_API,
        about="How long the site may stay silent within an answer.",
    )
    answer_wait_seconds: float = setting(
        1800.0,
        Seconds(1, _DAY),
        section=_API,
        about="""How long the site may say only that it is still at work, as it does while a model draws,
            without a word or a picture.""",
    )
    max_body_bytes: int = setting(
        128 * 1024 * 1024,
        Whole(1024, 2**40),
        section=_API,
        about="The largest request that is read, pictures and files in it included. In bytes.",
    )
    host: str = setting(
        "127.0.0.1",
        FilledText(),
        section=_SERVER,
        at_start=True,
        about="""127.0.0.1 means: this computer only. Any other address, like 0.0.0.0 for the whole network,
            needs an api_key.""",
    )
    port: int = setting(
        5102,
        Whole(1, 65_535),
        section=_SERVER,
        at_start=True,
        about="Clients use http://127.0.0.1:<port>/v1.",
    )
    allowed_hosts: tuple[str, ...] = setting(
        (),
        Texts(),
        section=_GUARDS,
        about="""More names under which this server may be called, like ["my-pc.local"]; localhost and
            127.0.0.1 always are.""",
    )
    allowed_origins: tuple[str, ...] = setting(
        (),
        Origins(),
        section=_GUARDS,
        about="""Web pages that may use the API from within a browser, like ["http://localhost:3000"].
            Programs that are no web pages need no entry.""",
    )
    pages_for_other_computers: bool = setting(
        False,
        Flag(),
        section=_GUARDS,
        about="""true: other computers that can reach this server get the start page, the dashboard and the
            userscript as well, without an api_key; whoever has the userscript can stand in for your tab.
            false: they get what asks for an api_key, and links to files.""",
    )
    tab_policy: Literal["all", "latest"] = setting(
        "all",
        Choice(("all", "latest")),
        section=_WORK,
        about='"all": every connected tab works. "latest": only the one that connected last.',
    )
    jobs_per_tab: int = setting(
        20, Whole(1, 1000), section=_WORK, about="How many answers one tab may fetch at the same time."
    )
    queue_limit: int = setting(
        100,
        Whole(0, 100_000),
        section=_WORK,
        about="How many requests may wait for a tab that is free; one more is refused at once.",
    )
    jobs_per_key: int = setting(
        0,
        Whole(0, 100_000),
        section=_WORK,
        about="""How many answers the programs of one API key may get at the same time. 0: as many as there is
            room for. Those that wait come in turn, one of each key.""",
    )
    queue_limit_per_key: int = setting(
        0,
        Whole(0, 100_000),
        section=_WORK,
        about="""How many requests of one API key may wait. 0: as many as may wait in all; when that many do,
            the key that takes most of the line gives a place to a key that takes less.""",
    )
    queue_timeout_seconds: float = setting(
        60.0, Seconds(0, _DAY), section=_WORK, about="How long a request may wait for that."
    )
    tab_wait_seconds: float = setting(
        5.0, Seconds(0, _DAY), section=_WORK, about="How long it waits when no tab is connected at all."
    )
    resume_grace_seconds: float = setting(
        20.0,
        Seconds(0, _DAY),
        section=_WORK,
        about="How long a tab whose connection broke may take to come back and go on with its answers.",
    )
    idempotency_keep_seconds: float = setting(
        600.0,
        Seconds(0, _DAY),
        section=_WORK,
        about="""How long an answer is kept for a program that sends the same request again with the same
            Idempotency-Key: it gets that answer, and the site is not asked twice. 0: never.""",
    )
    idempotency_grace_seconds: float = setting(
        10.0,
        Seconds(0, _DAY),
        section=_WORK,
        about="""How long such an answer goes on when the program has lost its connection, so that it finds it
            when it comes back.""",
    )
    request_builder: Literal["retry"] = setting(
        "retry",
        Choice(("retry",)),
        section=_SITE,
        about="""The kind of request: "retry" sends your conversation as a Retry of the captured message.""",
    )
    retry_metadata: Literal["object", "null"] = setting(
        "object",
        Choice(("object", "null")),
        section=_SITE,
        about="""What each message carries as its metadata: "object" for {} (what the site accepts since
            November 2025), "null" for null (before).""",
    )
    tavern_mode_enabled: bool = setting(
        False,
        Flag(),
        section=_MESSAGES,
        about="""true: all system prompts of a conversation are sent as one, at its beginning. For SillyTavern
            and its kind, which send several in between. The order of all other messages stays.""",
    )
    bypass_enabled: bool = setting(
        False,
        Flag(),
        section=_MESSAGES,
        about="""true: models that write text get one more message from you at the end, a single space; and if
            your last message carries images and ends in --bypass, that word is removed and the images are
            sent as if the model had shown them before (after a "Hi" from you, if nothing was said yet). Off
            unless you switch it on; the site's rules then still apply to what you send.""",
    )
    image_return_mode: Literal["local", "url", "base64"] = setting(
        "local",
        Choice(("local", "url", "base64")),
        section=_PICTURES,
        about="""How programs get a picture. "local": this server downloads it once, keeps it in
            state/images and gives its own link, which needs no key but cannot be guessed. "url": the site's
            link, which dies after an hour. "base64": the picture itself, in the text of the answer.""",
    )
    image_keep_days: int = setting(
        90,
        Whole(0, 36_500),
        section=_PICTURES,
        about="How long a picture stays in state/images. 0: for ever.",
    )
    save_images_locally: bool = setting(
        False,
        Flag(),
        section=_PICTURES,
        about="""true: each picture is also put into downloaded_images, with a folder for each day and a
            file beside it that says prompt, model and time. These are yours and never removed.""",
    )

    @property
    def api_keys(self) -> tuple[ApiKey, ...]:
        """The keys that clients may use, each with a name; none means that no key is asked for."""
        return named_keys(self.api_key)

    @property
    def own_key(self) -> str:
        """The key that our own commands send to this server; "" if it asks for none."""
        return next((each.key for each in self.api_keys), "")


# Settings itself and the groups it inherits. Inherited fields come first in a dataclass; in the file, last.
_GROUPS: Final = tuple(group for group in Settings.__mro__ if is_dataclass(group))
_COUNTS: Final = (*(len(fields(group)) for group in _GROUPS[1:]), 0)
SETTINGS: Final = declared(
    tuple(
        field
        for group, inherited in zip(_GROUPS, _COUNTS, strict=True)
        for field in fields(group)[inherited:]
    )
)


def waiting_for_restart(before: Settings, after: Settings) -> tuple[str, ...]:
    """The settings that differ and are not in force before the server is started anew."""
    return tuple(
        name
        for name, setting in SETTINGS.items()
        if setting.at_start and getattr(before, name) != getattr(after, name)
    )


# Keys of earlier bridges without a meaning here, and the one by which editors find the schema.
PASSED_OVER: Final = frozenset({"$schema", "version", "enable_idle_restart", "idle_restart_timeout_seconds"})
