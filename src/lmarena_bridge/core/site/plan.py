"""What the person's files decide about the requests for one model, all of it before any of them is made."""

from collections.abc import Mapping

import msgspec

from lmarena_bridge.core.chat.shaping import Shaping
from lmarena_bridge.core.chat.sizes import Room
from lmarena_bridge.core.config.known import model_named
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.site.builders import builder_for
from lmarena_bridge.core.site.request import Builder
from lmarena_bridge.core.site.target import Target, targets_of


class Plan(msgspec.Struct, frozen=True):
    """`builders`: of the requests to each of the targets.

    `passes_drawn_images_on`: images of earlier answers are sent along as files.
    `leaves_plain`: a plain conversation (`core/chat/shaping.py`) is sent as it is.
    """

    settings: Settings
    targets: tuple[Target, ...]
    builders: Mapping[Target, Builder]
    shaping: Shaping
    passes_drawn_images_on: bool
    leaves_plain: bool
    room: Room


class Plans:
    """The plan of each model that was asked for, by the Config of now.

    The same from one request to the next, so made once for each Config: a tenth of a request's steps.
    """

    def __init__(self) -> None:
        self._config: Config | None = None
        self._made: dict[str, Plan] = {}

    def of(self, model: str, config: Config) -> Plan:
        """Raises UnknownModel, NoSessionForModel."""
        if config is not self._config:
            self._config, self._made = config, {}
        # Only of models that are in the files, so there are never more than these have.
        return self._made.get(model) or self._made.setdefault(model, plan_for(model, config))


def plan_for(model: str, config: Config) -> Plan:
    """Raises UnknownModel, NoSessionForModel."""
    entry, settings = model_named(model, config), config.settings
    targets = targets_of(entry, config)
    shaping, draws = _shaping(entry.kind, settings), _passes_drawn_images_on(entry.kind, settings)
    return Plan(
        settings,
        targets,
        {target: builder_for(target, settings) for target in targets},
        shaping,
        passes_drawn_images_on=draws,
        leaves_plain=shaping == Shaping() and not draws,
        room=_room(settings),
    )


def _shaping(kind: str, settings: Settings) -> Shaping:
    return Shaping(
        one_system_prompt=settings.tavern_mode_enabled,
        images_before_marker=settings.bypass_enabled,
        blank_turn=settings.bypass_enabled and kind == "text",
        no_reasoning=settings.strip_reasoning_from_history,
    )


def _passes_drawn_images_on(kind: str, settings: Settings) -> bool:
    return settings.markdown_images == "all" or (
        settings.markdown_images == "image_models" and kind == "image"
    )


def _room(settings: Settings) -> Room:
    """How much the site takes, and what could still be done about it."""
    return Room(
        settings.site_max_body_bytes,
        file_bed=settings.file_bed_enabled,
        scaling=bool(settings.image_max_bytes),
    )
