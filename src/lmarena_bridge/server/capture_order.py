"""What a capture is for: which kind of chat, which side, and where its ids shall go."""

from dataclasses import dataclass
from typing import Final

import msgspec

from lmarena_bridge.core.config.known import model_named
from lmarena_bridge.core.config.sessions import Mode, Side
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import InvalidRequest, UnknownModel
from lmarena_bridge.core.sentences import Template

_SIDE_A: Final = Template(
    "capture.side.a",
    '"{model}" is a search model: in a battle these answer on side A only. Click Retry there.',
)

_SECONDS: Final = 120.0
_LONGEST: Final = 3600.0


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out is as it was the last time. `new`: the model need not be known yet."""

    mode: Mode | None = None
    target: Side | None = None
    model: str | None = None
    append: bool = False
    new: bool = False
    timeout: float = _SECONDS


@dataclass(frozen=True, slots=True)
class CaptureOrder:
    """`target`: the side of a battle, None in a direct chat. `model` None: for all without a session.

    `append`: beside the sessions that the model has, else instead of them. `timeout`: in seconds.
    """

    mode: Mode
    target: Side | None
    model: str | None
    append: bool
    timeout: float


def read_order(body: bytes, config: Config) -> CaptureOrder:
    """Read `{mode, target, model, append, new, timeout}`, all of them optional.

    Raises InvalidRequest, UnknownModel.
    """
    try:
        said = msgspec.json.decode(body or b"{}", type=_Body)
    except msgspec.DecodeError as error:
        raise InvalidRequest(f"This is not what a capture can be told: {error}") from error
    settings = config.settings
    mode = said.mode or settings.id_updater_last_mode
    target = (said.target or settings.id_updater_battle_target) if mode == "battle" else None
    if not 0 < said.timeout <= _LONGEST:
        raise InvalidRequest(f"`timeout` must be a number of seconds up to {_LONGEST:g}.", param="timeout")
    if said.model is None and said.append:
        raise InvalidRequest(
            "`append` adds to the sessions of one model: name the `model`, too.", param="append"
        )
    if said.model is not None:
        _check_model(said.model, target, config, new=said.new)
    return CaptureOrder(mode, target, said.model, said.append, said.timeout)


def _check_model(name: str, target: Side | None, config: Config, *, new: bool) -> None:
    if not name.strip():
        raise InvalidRequest("`model` is empty: name one, or leave it out.", param="model")
    try:
        kind = model_named(name, config).kind
    except UnknownModel:
        if new:
            return
        raise
    if kind == "search" and target == "B":
        # Text of an earlier bridge's id_updater (2025-09): on side B search models do not answer.
        raise InvalidRequest(_SIDE_A(model=name), param="target")
