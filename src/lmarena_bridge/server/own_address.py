"""What this server is called by the client that asks."""

from lmarena_bridge.server.headers import values
from lmarena_bridge.server.wire import Scope


def own_address(scope: Scope) -> str:
    """`http://127.0.0.1:5102`: the Host that the guard has judged to be ours."""
    return f"{scope['scheme']}://{values(scope['headers'], b'host')[0]}"
