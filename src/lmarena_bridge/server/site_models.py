"""What the site says of its models, out of available_models.json: read when it has changed."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.site.model_inputs import NOTHING_KNOWN, ModelInputs, model_inputs
from lmarena_bridge.core.site.site_model import SiteModel, site_models
from lmarena_bridge.storage.available_models import available_models_path, read_available_models
from lmarena_bridge.storage.home import Home

# Time of the last change, in ns, and size. None: there is no such file.
_Stamp = tuple[int, int] | None

_log = structlog.get_logger(__name__)


class SiteModels:
    """The models that the file tells of. One that is missing or damaged tells nothing, and stops nobody."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stamp: _Stamp = None
        self._models: Mapping[str, SiteModel] = {}
        self._inputs = NOTHING_KNOWN

    async def known(self) -> ModelInputs:
        """What they take."""
        await self._look()
        return self._inputs

    async def models(self) -> Mapping[str, SiteModel]:
        """The models by their ids."""
        await self._look()
        return self._models

    async def _look(self) -> None:
        stamp = _stamp(available_models_path(self._home))
        if stamp != self._stamp:
            self._stamp = stamp
            models = await asyncio.to_thread(self._read)
            self._models = {model.id: model for model in models}
            self._inputs = model_inputs(models) if models else NOTHING_KNOWN

    def _read(self) -> Sequence[SiteModel]:
        try:
            return site_models(read_available_models(self._home) or ())
        except ConfigError as error:
            _log.warning("what the site says of its models is not known", reason=error.message)
            return ()


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
