import json
import re
from html.parser import HTMLParser

import pytest

from demo.asking import model
from demo.test_flight import models_in, put_together
from lmarena_bridge.demo import pages
from lmarena_bridge.demo.catalogue import site_models
from lmarena_bridge.demo.directives import DIRECTIVES
from lmarena_bridge.demo.models import DEMO_MODELS, sessions_of


class _Balanced(HTMLParser):
    """Fails where an element is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "link", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            assert self.open.pop() == tag


def conversation(name: str) -> str:
    return pages.conversation_page(sessions_of(model(name).session_id))


@pytest.mark.parametrize("html", [pages.home_page(), conversation("demo-chat"), conversation("demo-left")])
def test_every_page_is_whole_html_and_carries_the_model_list(html: str) -> None:
    balanced = _Balanced()
    balanced.feed(html)
    assert balanced.open == []
    assert models_in(put_together(html)) == site_models()
    assert "This is not the real LMArena." in html


def test_the_front_page_links_every_conversation_and_lists_every_directive() -> None:
    html = pages.home_page()
    for each in DEMO_MODELS:
        assert f'href="/c/{each.session_id}"' in html
    assert html.count("<dt>") == len(DIRECTIVES)


def test_a_conversation_has_one_retry_button_for_each_side() -> None:
    assert conversation("demo-chat").count(">Retry</button>") == 1
    battle = conversation("demo-right")
    assert battle.count(">Retry</button>") == 2
    for each in (model("demo-left"), model("demo-right")):
        assert f'data-side="{each.side}" data-message-id="{each.message_id}"' in battle


def test_the_pages_script_is_told_what_it_needs() -> None:
    found = re.search(r'id="arena-data">(.*?)</script>', conversation("demo-painter"))
    assert found is not None
    assert json.loads(found[1]) == {
        "sessionId": model("demo-painter").session_id,
        "mode": "direct_chat",
        "kind": "image",
        "question": "A bridge over a river at night, with a boat",
    }


def test_the_flight_alone_is_unescaped() -> None:
    assert models_in(pages.flight()) == site_models()
