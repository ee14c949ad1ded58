"""`/__arena/requests`: the journal as JSON, for the arena's own page and for tests."""

import json
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from lmarena_bridge.demo.journal import Journal
from lmarena_bridge.demo.login import Logins

# Shorter than what browsers and proxies bear without a byte.
_WAIT_SECONDS = 20


class ReportEndpoint:
    """`{version, open_streams, count, requests: [newest first]}`; `?limit=N` cuts, `?streams=1` filters.

    With `?seen=VERSION` the answer comes when there is a newer version, at the latest after 20 s.
    """

    def __init__(self, journal: Journal, logins: Logins) -> None:
        self._journal = journal
        self._logins = logins

    async def answer(self, request: Request) -> Response:
        query = request.query_params
        if "seen" in query:
            with suppress(TimeoutError):
                await self._journal.until(lambda it: str(it.version) != query["seen"], _WAIT_SECONDS)
        entries = self._journal.streams() if "streams" in query else list(self._journal.entries)
        limit = int(query["limit"]) if query.get("limit", "").isdecimal() else len(entries)
        report = {
            "version": self._journal.version,
            "open_streams": self._journal.open_streams,
            "count": self._journal.count,
            "requests": [entry.as_json() for entry in entries[::-1][:limit]],
        }
        # Escaped to ASCII: a request may have held half an emoji, which UTF-8 cannot carry.
        response = Response(json.dumps(report), media_type="application/json")
        response.headers["cache-control"] = "no-store"
        self._renew_login(request, response)
        return response

    def _renew_login(self, request: Request, response: Response) -> None:
        """The site's pages renew their login while they are open; so does this one, which keeps asking."""
        user = self._logins.user_of(request.headers.get("cookie", ""))
        if user:
            response.headers["set-cookie"] = self._logins.set_cookie(user)
