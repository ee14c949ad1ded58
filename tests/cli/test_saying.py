"""What a server says has colours where somebody sees them and has not said no."""

import io

import pytest

from lmarena_bridge.cli.saying import bold, link, quiet, say, shows_colours, warning


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def said(monkeypatch: pytest.MonkeyPatch, out: io.StringIO) -> str:
    monkeypatch.setattr("sys.stdout", out)
    say(f"{bold('b')} {link('l')} {quiet('q')} {warning('w')}")
    return out.getvalue()


def test_a_terminal_gets_colours_and_a_file_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, Screen()).count("\x1b[0m") == 4
    assert said(monkeypatch, io.StringIO()) == "b l q w\n"
    assert shows_colours(Screen())
    assert not shows_colours(io.StringIO())


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_wants_no_colours_gets_none(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert said(monkeypatch, Screen()) == "b l q w\n"
    assert not shows_colours(Screen())
