import importlib
import sys

import pytest

from lmarena_bridge.cli.without import without


def test_what_is_hidden_is_not_installed_until_the_context_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "antigravity_of_ours", raising=False)
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with without("colorsys", "antigravity_of_ours"), pytest.raises(ImportError):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys").__name__ == "colorsys"
    assert "antigravity_of_ours" not in sys.modules


def test_what_is_there_already_stays() -> None:
    with without("importlib"):
        assert importlib.import_module("importlib") is importlib
    assert sys.modules["importlib"] is importlib


def test_it_comes_back_even_if_an_import_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with pytest.raises(ZeroDivisionError), without("colorsys"):
        raise ZeroDivisionError
    assert "colorsys" not in sys.modules
