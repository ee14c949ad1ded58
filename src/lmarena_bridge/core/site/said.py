"""The sentence in which the site says what is wrong, whatever shape it comes in."""

import json

_LONGEST = 300


def said_by_site(text: str) -> str:
    """The words of an error body: JSON in any of the site's shapes, or plain text; "" for a page."""
    if text.lstrip()[:1] == "<":
        return ""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return _clean(text)
    return _clean(_sentence(body))


def quoted(said: str) -> str:
    """` (it says: "…")`, or nothing if the site said nothing."""
    return f' (it says: "{said}")' if said else ""


def _sentence(body: object) -> str:
    """`{"error": "…"}`, `{"error": {"message": "…"}}`, or Zod's issues (site-protocol.md 7.1, 7.2)."""
    if isinstance(body, str):
        return body
    if not isinstance(body, dict):
        return ""
    error = body.get("error", body.get("message", ""))
    if isinstance(error, dict):
        issues = error.get("issues")
        if isinstance(issues, list):
            return "; ".join(_issue(issue) for issue in issues[:3] if isinstance(issue, dict))
        error = error.get("message", "")
    return error if isinstance(error, str) else ""


def _issue(issue: dict[str, object]) -> str:
    path = issue.get("path")
    where = ".".join(str(step) for step in path) if isinstance(path, list) else ""
    return f"{where}: {issue.get('message', '')}" if where else str(issue.get("message", ""))


def _clean(text: str) -> str:
    """One line, of a bearable length, without control characters."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
