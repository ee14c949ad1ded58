"""What the site's models take, out of available_models.json: read when it has changed."""

import asyncio
from pathlib import Path

import structlog

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.site.model_inputs import NOTHING_KNOWN, ModelInputs, model_inputs
from lmarena_bridge.core.site.site_model import site_models
from lmarena_bridge.storage.available_models import available_models_path, read_available_models
from lmarena_bridge.storage.home import Home

# Time of the last change, in ns, and size. None: there is no such file.
_Stamp = tuple[int, int] | None

_log = structlog.get_logger(__name__)


class KnownInputs:
    """The inputs that the file tells. A file that is missing or damaged tells nothing, and stops nobody."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stamp: _Stamp = None
        self._inputs = NOTHING_KNOWN

    async def known(self) -> ModelInputs:
        stamp = _stamp(available_models_path(self._home))
        if stamp != self._stamp:
            self._stamp = stamp
            self._inputs = await asyncio.to_thread(self._read)
        return self._inputs

    def _read(self) -> ModelInputs:
        try:
            return model_inputs(site_models(read_available_models(self._home) or ()))
        except ConfigError as error:
            _log.warning("what the models take is not known", reason=error.message)
            return NOTHING_KNOWN


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
