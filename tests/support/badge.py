"""Reads the badge of a page. Its shadow root is closed to the page, so DevTools has to open it."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Page

WAIT_MS = 10_000

_READ = """
function read(root) {
  const one = (name) => root.querySelector(name);
  const text = (name) => { const found = one(name); return found.hidden ? "" : found.textContent; };
  const box = root.host.getBoundingClientRect();
  return {
    tone: one(".badge").dataset.tone, label: text(".label"), title: text(".title"), text: text(".text"),
    advice: text(".advice"), buttons: [...root.querySelectorAll(".actions button")].map((b) => b.textContent),
    links: [...root.querySelectorAll(".actions a")].map((a) => a.href),
    open: !one(".panel").hidden, expanded: one(".pill").getAttribute("aria-expanded") === "true",
    focused: root.activeElement?.className ?? "", small: one(".badge").hasAttribute("data-small"),
    news: text(".news"), box: [box.left, box.top, box.right, box.bottom],
  };
}
"""
_SNAPSHOT = f"function() {{ {_READ} return read(this); }}"
_UNTIL = f"""function(label, patience) {{ {_READ}
  return new Promise((resolve, reject) => {{
    const look = () => {{
      if (read(this).label !== label) return;
      observer.disconnect();
      resolve(read(this));
    }};
    const observer = new MutationObserver(look);
    observer.observe(this, {{ subtree: true, childList: true, characterData: true, attributes: true }});
    // A page whose timers are hurried must not hurry the test's patience.
    const wait = window.calmTimeout ?? window.setTimeout;
    wait(() => reject(new Error(`label is “${{read(this).label}}”, not “${{label}}”`)), patience);
    look();
  }});
}}"""
_PRESS = """function(text) {
  [...this.querySelectorAll("button, a")].find((each) => each.textContent === text).click();
}"""
_CENTRE = """function(selector) {
  const box = this.querySelector(selector).getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}"""


@dataclass(frozen=True)
class Look:
    """What a person sees of the badge. `box`: left, top, right, bottom of the pill in CSS pixels."""

    tone: str
    label: str
    title: str
    text: str
    advice: str
    buttons: list[str]
    links: list[str]
    open: bool
    expanded: bool
    focused: str
    small: bool
    news: str
    box: tuple[float, float, float, float]


class Badge:
    """The badge of one page."""

    def __init__(self, page: Page, cdp: CDPSession, root: str) -> None:
        self._page = page
        self._cdp = cdp
        self._root = root

    @classmethod
    async def of(cls, page: Page) -> "Badge":
        """Wait until the page has its badge."""
        await page.wait_for_selector("html > div", state="attached", timeout=WAIT_MS)
        cdp = await page.context.new_cdp_session(page)
        document = await cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})
        html = next(node for node in document["root"]["children"] if node["nodeName"] == "HTML")
        host = next(node for node in html["children"] if node["nodeName"] == "DIV")
        (root,) = host["shadowRoots"]
        assert root["shadowRootType"] == "closed"
        resolved = await cdp.send("DOM.resolveNode", {"backendNodeId": root["backendNodeId"]})
        return cls(page, cdp, resolved["object"]["objectId"])

    async def look(self) -> Look:
        return Look(**await self._call(_SNAPSHOT))

    async def until(self, label: str) -> Look:
        """Wait until the pill says `label`."""
        return Look(**await self._call(_UNTIL, label, WAIT_MS))

    async def press(self, text: str) -> None:
        """Click the button or link with this text."""
        await self._call(_PRESS, text)

    async def centre(self, selector: str) -> tuple[float, float]:
        """Where on the page the middle of a part of the badge is."""
        x, y = await self._call(_CENTRE, selector)
        return x, y

    async def _call(self, function: str, *arguments: object) -> Any:
        answer = await self._cdp.send(
            "Runtime.callFunctionOn",
            {
                "objectId": self._root,
                "functionDeclaration": function,
                "arguments": [{"value": argument} for argument in arguments],
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")
