"""What the programs of tests/clients/programs are told, and what the arena answers them."""

from io import BytesIO
from typing import Final

from PIL import Image

from lmarena_bridge.core.chat.attachments import data_uri
from support.set_ups import Place

# In the answer of demo-chat to "Hello!".
GREETING: Final = "You are talking to the practice arena."


def question(place: Place, **more: object) -> dict[str, object]:
    """The JSON for a program."""
    return {"url": place.server, "key": place.key, "model": place.model, "picture": _picture(), **more}


def _picture() -> str:
    """A red one, as clients send it."""
    held = BytesIO()
    Image.new("RGB", (32, 32), "red").save(held, "PNG")
    return data_uri("image/png", held.getvalue())
