"""What the settings make of a conversation, as the site receives it."""

from pathlib import Path
from typing import Any

from support.chain import Chain
from support.chain import chain as start

PIXEL = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}


async def received(
    chain: Chain, *messages: dict[str, Any], model: str = "demo-chat"
) -> list[tuple[str, str, int]]:
    """Role, text and number of attachments of each message that reached the site."""
    answer = await chain.client.post("/v1/chat/completions", json={"model": model, "messages": messages})
    assert answer.status_code == 200, answer.text
    sent = chain.arena.journal.streams()[-1].messages
    return [(each["role"], each["text"], len(each["attachments"])) for each in sent]


def system(text: str) -> dict[str, Any]:
    return {"role": "system", "content": text}


def user(text: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": text}, *parts]}


async def test_by_default_nothing_is_added_and_nothing_is_moved(chain: Chain) -> None:
    assert await received(chain, system("One."), user("Look --bypass", PIXEL), system("Two.")) == [
        ("system", "One.", 0),
        ("user", "Look --bypass", 1),
        ("system", "Two.", 0),
    ]


async def test_tavern_mode_sends_one_system_prompt(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"tavern_mode_enabled": True}) as chain:
        assert await received(chain, system("One."), user("Hello"), system("Two."), user("Go on")) == [
            ("system", "One.\n\nTwo.", 0),
            ("user", "Hello", 0),
            ("user", "Go on", 0),
        ]


async def test_bypass_adds_a_blank_turn_for_models_that_write(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"bypass_enabled": True}) as chain:
        assert await received(chain, user("Hello")) == [("user", "Hello", 0), ("user", " ", 0)]
        assert await received(chain, user("Hello"), model="demo-left") == [
            ("user", "Hello", 0),
            ("user", " ", 0),
        ]
        for model in ("demo-painter", "demo-search"):
            assert await received(chain, user("a hedgehog"), model=model) == [("user", "a hedgehog", 0)]


async def test_bypass_moves_the_images_of_a_marked_message(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"bypass_enabled": True}) as chain:
        assert await received(chain, user("Paint it blue --bypass", PIXEL), model="demo-painter") == [
            ("user", "Hi", 0),
            ("assistant", "", 1),
            ("user", "Paint it blue", 0),
        ]
