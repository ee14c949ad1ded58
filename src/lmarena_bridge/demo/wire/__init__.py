"""A small HTTP/1.1 and HTTP/2 server for one ASGI app, exact where a test bench must be exact.

The protocols themselves are h11 and h2; here are only sockets, tasks and flow control. Written because the
server used before (hypercorn 0.18, measured November 2026) buffers an HTTP/2 answer without bound when the
client's window is shut, and can neither reset a stream nor report its failure: the client waits for ever.
"""
