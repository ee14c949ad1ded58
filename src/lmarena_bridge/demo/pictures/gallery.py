"""The pictures that were drawn, under signed links that die after an hour as the site's do."""

import asyncio
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from lmarena_bridge.demo.pictures.painter import Picture, paint

_LIFETIME = timedelta(seconds=3600)
_LIMIT = 100
_DATE_FORMAT = "%Y%m%dT%H%M%SZ"
_T = TypeVar("_T")


class Gallery:
    """Draws a picture when its link is first opened, and keeps the last hundred."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(16)
        self._pictures: OrderedDict[str, Picture] = OrderedDict()
        self._drawn: OrderedDict[str, bytes] = OrderedDict()

    def path(self, picture: Picture, *, expired: bool = False) -> str:
        """`/images/<key>.png?X-Amz-…`, signed; with `expired` a link from two hours ago."""
        key = hashlib.sha256(repr(picture).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        _keep(self._pictures, key, picture)
        made = datetime.now(UTC) - (2 * _LIFETIME if expired else timedelta(0))
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Date": made.strftime(_DATE_FORMAT),
            "X-Amz-Expires": str(int(_LIFETIME.total_seconds())),
            "X-Amz-SignedHeaders": "host",
            "x-id": "GetObject",
        }
        return f"/images/{key}.png?{urlencode({**query, 'X-Amz-Signature': self._signature(key, query)})}"

    async def png(self, key: str, query: Mapping[str, str]) -> bytes | None:
        """The picture; None when the link is not one of ours, was changed, or has died."""
        picture = self._pictures.get(key)
        if picture is None or not self._alive(key, query):
            return None
        if key not in self._drawn:
            _keep(self._drawn, key, await asyncio.to_thread(paint, picture))
        return self._drawn[key]

    def _alive(self, key: str, query: Mapping[str, str]) -> bool:
        given = query.get("X-Amz-Signature", "")
        if not hmac.compare_digest(given.encode("utf-8"), self._signature(key, query).encode("ascii")):
            return False
        made = datetime.strptime(query["X-Amz-Date"], _DATE_FORMAT).replace(tzinfo=UTC)
        return datetime.now(UTC) < made + _LIFETIME

    def _signature(self, key: str, query: Mapping[str, str]) -> str:
        signed = "\n".join(
            f"{name}={value}" for name, value in sorted(query.items()) if name != "X-Amz-Signature"
        )
        return hmac.new(self._secret, f"{key}\n{signed}".encode(), hashlib.sha256).hexdigest()


def _keep(kept: OrderedDict[str, _T], key: str, value: _T) -> None:
    kept[key] = value
    if len(kept) > _LIMIT:
        kept.popitem(last=False)
