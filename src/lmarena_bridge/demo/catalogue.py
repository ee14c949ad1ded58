"""The model list of the page, as objects of the site (`initialModels`, form of autumn 2025)."""

from typing import Any, Final

from lmarena_bridge.demo.models import DEMO_MODELS, DemoModel

_UNRANKED: Final = 9007199254740991  # the site's word for "no rank" (Number.MAX_SAFE_INTEGER)


def site_models() -> list[dict[str, Any]]:
    """Every model the page lists: the arena's own, then those that make a careless reader stumble."""
    return [_demo_object(model, rank) for rank, model in enumerate(DEMO_MODELS, 1)] + _awkward_objects()


def _demo_object(model: DemoModel, rank: int) -> dict[str, Any]:
    takes_images = {"image": {"multipleImages": True, "requiresUpload": True}}
    output = {"image": {"image": {"aspectRatios": ["1:1", "16:9"]}}, "search": {"text": True, "search": True}}
    return {
        "id": model.model_id,
        "publicName": model.name,
        "name": model.name,
        "organization": "practice-arena",
        "provider": "demo",
        "capabilities": {
            "inputCapabilities": {"text": True, **takes_images},
            "outputCapabilities": output.get(model.kind, {"text": True}),
        },
        "rank": rank,
        "rankByModality": _ranks("chat" if model.kind == "text" else model.kind, rank),
    }


def _ranks(modality: str, rank: int) -> dict[str, int]:
    return {name: rank if name == modality else _UNRANKED for name in ("chat", "webdev", "image", "search")}


def _awkward_objects() -> list[dict[str, Any]]:
    """Stealth models without an organisation, one name with two ids, brackets and quotes inside strings."""
    return [
        {
            "id": "019ade00-0001-7a00-8a00-0000000000a1",
            "publicName": "stealth-{otter}",
            "capabilities": {"inputCapabilities": {"text": True}, "outputCapabilities": {"text": True}},
        },
        _video("019ade00-0001-7a00-8a00-0000000000a2", {"text": True}),
        _video("019ade00-0001-7a00-8a00-0000000000a3", {"image": True}),
        {
            "id": "019ade00-0001-7a00-8a00-0000000000a4",
            "publicName": 'quoted "model" ]}[{ \\ 🦦 zażółć',
            "name": "quoted-model",
            "organization": "practice-arena",
            "provider": "demo",
            "capabilities": {
                "inputCapabilities": {"text": True, "image": True},
                "outputCapabilities": {"text": True, "code": True, "web": True},
            },
            "rank": _UNRANKED,
            "rankByModality": _ranks("none", _UNRANKED),
        },
    ]


def _video(model_id: str, takes: dict[str, bool]) -> dict[str, Any]:
    return {
        "id": model_id,
        "publicName": "demo-video",
        "name": "demo-video",
        "organization": "practice-arena",
        "provider": "demo",
        "capabilities": {"inputCapabilities": takes, "outputCapabilities": {"video": True}},
        "rank": _UNRANKED,
        "rankByModality": _ranks("none", _UNRANKED),
    }
