"""One HTTP connection, in place of uvicorn's: with deadlines and bounds, and a short way for who is known.

Measured (reliability.md, T21): uvicorn waits for a request's header for ever, and with httptools takes one of
any size. What is refused here was never a request, so the application does not hear of it.

A header that was let in before is not parsed again (familiar.py); the body behind it is as long as it says.
Whatever else comes goes through httptools (request_parser.py), made for a connection that needs it. uvicorn's
settings that nobody here uses (access log, a limit of tasks, a lifespan's state) are not looked at.
"""

import asyncio
import math

from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl

from lmarena_bridge.core.errors import BridgeError, Busy, TooSlow
from lmarena_bridge.server.exchange import Exchange
from lmarena_bridge.server.familiar import host
from lmarena_bridge.server.flow import Flow
from lmarena_bridge.server.port import Port
from lmarena_bridge.server.request_parser import RequestParser, UpgradeAsked
from lmarena_bridge.server.response_head import last_response
from lmarena_bridge.server.wire import Scope


class Connection(Flow):
    """A connection of a client, or of a tab before it becomes a WebSocket."""

    __slots__ = (
        "_body_bytes",
        "_early",
        "_idle_since",
        "_latest",
        "_owed",
        "_parser",
        "_running",
        "_since",
        "client",
        "hosts",
        "looks_at",
        "port",
        "scheme",
        "server",
    )

    def __init__(self, port: Port) -> None:
        super().__init__()
        self.port = port
        self.client: tuple[str, int] | None = None
        self.server: tuple[str, int | None] | None = None
        self.hosts = ("", "")
        self.scheme = "http"
        # The request that came last, the one that is answered, and those that came too early, in order.
        self._latest: Exchange | None = None
        self._running: Exchange | None = None
        self._early: list[Exchange] | None = None
        # Of a body whose header is known: what is still to come. And of any: what came.
        self._owed = 0
        self._body_bytes = 0
        self._parser: RequestParser | None = None
        # Since when we wait for a part of a request, and for another request; and when that is looked at.
        self._since: float | None = None
        self._idle_since: float | None = None
        self.looks_at = math.inf

    # -- asyncio's side ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        self.client, server = get_remote_addr(transport), get_local_addr(transport)
        self.server, self.hosts = self.port.shared((server, (host(self.client), host(server))))
        self.scheme = "https" if is_ssl(transport) else "http"
        connections = self.port.connections
        connections.add(self)
        if len(connections) > self.port.limits.connections:
            self._end(Busy("This server has as many connections as it can keep. Try again in a moment."))
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._idle_since = None
        if self._owed:
            data = self._read_owed(data)
        elif self._latest is None and (self._parser is None or self._parser.is_between):
            rest = self._read_known(data)
            if rest is None:
                return
            data = rest
        if data and not self._parse(data):
            return
        if self._since is None and (self._owed or self._is_parsing or not self._is_answering):
            self._wait()

    def eof_received(self) -> None:
        """Who has said everything is gone: asyncio closes."""

    def connection_lost(self, exc: Exception | None) -> None:
        self.port.connections.discard(self)
        self._leave_rounds()
        for exchange in (self._running, *(self._early or ()), self._latest):
            if exchange is not None:
                exchange.leave()
        self.resume_writing()
        # Who is still at work on a request has it; what hangs together in a circle waits for the collector.
        self._running = self._latest = self._early = None
        self._drop_parser()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._running is not None:
            self._running.keep_up(does=False)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._running is not None:
            self._running.keep_up(does=True)

    def shutdown(self) -> None:
        """uvicorn is stopping."""
        if self._latest is None or self._latest.is_complete:
            self.transport.close()
        else:
            self._latest.keep_alive = False

    # -- bytes ---------------------------------------------------------------------------------------------

    def _read_known(self, data: bytes) -> bytes | None:
        """Take a request whose header is known; gives what is none, or comes behind it; None: it was all."""
        found = self.port.familiar.find(data, self)
        if found is None:
            return data
        if self._parser is not None:
            self._drop_parser()
        scope, length, body = found
        if len(body) != length:
            self.begin(scope)
            self._owed = length
            return self._read_owed(body) if body else b""
        self._since = None
        exchange = Exchange(self, self.transport, scope, body=body, more_body=False, has_news=True)
        self._latest = self._running = exchange
        exchange.start()
        return None

    def _read_owed(self, data: bytes) -> bytes:
        """Take of a body what belongs to it; gives what comes behind it."""
        size, owed = len(data), self._owed
        if size < owed:
            self._owed = owed - size
            self.take_in(data, more=True)
            return b""
        self._owed = 0
        self.take_in(data if size == owed else data[:owed], more=False)
        return data[owed:]

    def _parse(self, data: bytes) -> bool:
        """Go the usual way; whether there is a way on."""
        if self._parser is None:
            self._parser = RequestParser(self)
        try:
            self._parser.feed(data)
        except BridgeError as error:
            self._end(error)
        except UpgradeAsked as asked:
            self._become_a_tab(*asked.args)
        else:
            return True
        return False

    def _drop_parser(self) -> None:
        if self._parser is not None:
            self._parser.close()
            self._parser = None

    def _become_a_tab(self, request: bytes) -> None:
        self._leave_rounds()
        port = self.port
        port.connections.discard(self)
        socket = port.sockets(config=port.config, server_state=port.state, app_state={})
        socket.connection_made(self.transport)
        socket.data_received(request)
        self.transport.set_protocol(socket)

    # -- requests ------------------------------------------------------------------------------------------

    def begin(self, scope: Scope, *, keep_alive: bool = True, must_continue: bool = False) -> None:
        """The header of a request is complete."""
        self._since = None
        self._body_bytes = 0
        exchange = Exchange(
            self,
            self.transport,
            scope,
            keep_alive=keep_alive,
            must_continue=must_continue,
            is_to_head=scope["method"] == "HEAD",
        )
        is_early, self._latest = self._is_answering, exchange
        if is_early:
            self.pause_reading()
            self._early = self._early or []
            self._early.append(exchange)
        else:
            self._running = exchange
            exchange.start()

    def take_in(self, body: bytes, *, more: bool) -> None:
        """A piece of its body."""
        self._body_bytes += len(body)
        if not more:
            self._since = None
        if self._latest is not None:
            self._latest.take_in(body, more=more)

    def answered(self) -> None:
        """A response is complete: it is the next one's turn."""
        if self.transport.is_closing():
            return
        if self.read_paused:
            self.resume_reading()
        port = self.port
        if self._early:
            self._running = self._early.pop(0)
            # Not from here: whoever wrote the end of the answer before it is in the middle of its own work.
            port.loop.call_soon(self._start)
            return
        self._running = self._latest = None
        self._idle_since = now = port.loop.time()
        if (at := now + port.idle_seconds) < self.looks_at:
            self.look_at(at)

    def _start(self) -> None:
        if self._running is not None:  # else the client has left
            self._running.start()

    @property
    def _is_answering(self) -> bool:
        return self._latest is not None

    @property
    def _is_parsing(self) -> bool:
        return self._parser is not None and not self._parser.is_between

    # -- time ----------------------------------------------------------------------------------------------

    def _wait(self) -> None:
        """For a header, or for the body behind one."""
        self._since = self.port.loop.time()
        self.look_at(self._late_at(self._since))

    def _late_at(self, since: float) -> float:
        limits = self.port.limits
        if self._owed or (self._parser is not None and self._parser.in_body):
            return since + limits.body_seconds + self._body_bytes / limits.bytes_a_second
        return since + limits.header_seconds

    def look_at(self, at: float) -> None:
        """Look after this connection, and its exchange, not later than at this moment."""
        if at < self.looks_at:
            self._leave_rounds()
            self.looks_at = at
            self.port.rounds.add(self, at)

    def _leave_rounds(self) -> None:
        if self.looks_at != math.inf:
            self.port.rounds.remove(self, self.looks_at)
            self.looks_at = math.inf

    def look(self) -> None:
        """Is it late? Time in which we ourselves did not read is not the client's."""
        self.looks_at = math.inf
        now = self.port.loop.time()
        if self._idle_since is not None:
            if self._idle_since + self.port.idle_seconds <= now:
                self.transport.close()
                return
            self.look_at(self._idle_since + self.port.idle_seconds)
        if self._since is not None:
            late_at = now + self.port.limits.body_seconds if self.read_paused else self._late_at(self._since)
            if late_at <= now:
                self._end(TooSlow("The request did not arrive in time."))
            else:
                self.look_at(late_at)
        if self._running is not None:
            self._running.look()

    def _end(self, error: BridgeError) -> None:
        """Say why, unless an answer is on its way already, and close."""
        self._leave_rounds()
        if self.transport.is_closing():
            return
        running = self._running
        if running is None or running.is_complete or not running.is_started:
            self.transport.write(last_response(error))
        self.transport.close()
