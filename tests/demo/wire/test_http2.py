import asyncio
import logging
from pathlib import Path

import h2.events
import pytest

from demo.wire.apps import CHUNK, Recorder, raw_http2


async def test_a_request_is_told_to_the_app_as_it_came(tmp_path: Path) -> None:
    app = Recorder()
    async with raw_http2(app, tmp_path) as client:
        client.request("/echo?a=%C5%BC")
        response = await client.until(lambda event: isinstance(event, h2.events.ResponseReceived))
        assert isinstance(response, h2.events.ResponseReceived)
        assert ":status: 200" in [f"{name!s}: {value!s}" for name, value in response.headers or []]
        await client.until(lambda event: isinstance(event, h2.events.StreamEnded))
    [scope] = app.scopes
    assert (scope["http_version"], scope["method"], scope["path"]) == ("2", "GET", "/echo")
    assert scope["query_string"] == b"a=%C5%BC"
    assert (b"host", b"lmarena.ai") in scope["headers"]


async def test_a_shut_window_holds_the_app_back(tmp_path: Path) -> None:
    app = Recorder()
    async with raw_http2(app, tmp_path) as client:
        client.request("/flood")
        taken = 0
        while taken < 65_535:
            event = await client.until(lambda event: isinstance(event, h2.events.DataReceived))
            assert isinstance(event, h2.events.DataReceived)
            taken += len(event.data or b"")
        client.h2.ping(b"anybody?")
        client.flush()
        await client.until(lambda event: isinstance(event, h2.events.PingAckReceived))
        assert app.chunks_sent * len(CHUNK) <= 65_535
        client.h2.increment_flow_control_window(100_000)
        client.h2.increment_flow_control_window(100_000, 1)
        client.flush()
        await client.until(lambda event: isinstance(event, h2.events.DataReceived))


async def test_a_stream_that_the_client_resets_is_noticed_inside_a_write(tmp_path: Path) -> None:
    app = Recorder()
    async with raw_http2(app, tmp_path) as client:
        stream_id = client.request("/flood")
        await client.until(lambda event: isinstance(event, h2.events.DataReceived))
        client.h2.reset_stream(stream_id)
        client.flush()
        await asyncio.wait_for(app.disconnected.wait(), 1)


async def test_a_stream_that_the_client_resets_is_noticed_while_waiting(tmp_path: Path) -> None:
    app = Recorder()
    async with raw_http2(app, tmp_path) as client:
        stream_id = client.request("/wait")
        await client.until(lambda event: isinstance(event, h2.events.DataReceived))
        client.h2.reset_stream(stream_id)
        client.flush()
        await asyncio.wait_for(app.disconnected.wait(), 1)


async def test_a_connection_that_is_cut_ends_its_streams(tmp_path: Path) -> None:
    app = Recorder()
    async with raw_http2(app, tmp_path) as client:
        client.request("/wait")
        await client.until(lambda event: isinstance(event, h2.events.DataReceived))
        client.writer.transport.abort()
        await asyncio.wait_for(app.disconnected.wait(), 1)


@pytest.mark.parametrize("path", ["/reset", "/unfinished"])
async def test_an_answer_that_is_not_whole_is_reset_and_the_connection_lives_on(
    tmp_path: Path, path: str
) -> None:
    async with raw_http2(Recorder(), tmp_path) as client:
        client.request(path)
        reset = await client.until(lambda event: isinstance(event, h2.events.StreamReset))
        assert isinstance(reset, h2.events.StreamReset) and reset.remote_reset
        client.request("/echo")
        await client.until(lambda event: isinstance(event, h2.events.StreamEnded))


async def test_a_fault_of_the_app_is_logged_and_its_stream_reset(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with raw_http2(Recorder(), tmp_path) as client:
        client.request("/fail")
        await client.until(lambda event: isinstance(event, h2.events.StreamReset))
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.ERROR, "The practice arena failed to answer /fail")
    ]


async def test_a_body_nobody_reads_does_not_dry_up_the_connection(tmp_path: Path) -> None:
    """More than the connection's whole window goes to apps that read nothing; the next one still gets its."""
    async with raw_http2(Recorder(), tmp_path) as client:
        for _ in range(24):
            stream_id = client.request("/deaf", method="PUT", end=False)
            for _ in range(40):
                client.h2.send_data(stream_id, b"x" * 16_000)
            client.h2.end_stream(stream_id)
            client.flush()
            await client.until(lambda event: isinstance(event, h2.events.StreamEnded))
        stream_id = client.request("/echo", method="PUT", end=False)
        client.h2.send_data(stream_id, b"read me", end_stream=True)
        client.flush()
        data = await client.until(lambda event: isinstance(event, h2.events.DataReceived))
        assert isinstance(data, h2.events.DataReceived) and data.data == b"read me"


async def test_a_peer_that_breaks_the_protocol_is_sent_away(tmp_path: Path) -> None:
    data_frame_of_stream_zero = b"\x00\x00\x01\x00\x00\x00\x00\x00\x00x"
    async with raw_http2(Recorder(), tmp_path) as client:
        client.writer.write(data_frame_of_stream_zero)
        async with asyncio.timeout(5):
            while await client.reader.read(65536):
                pass
