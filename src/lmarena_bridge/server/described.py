"""FastAPI's application with a true GET /openapi.json: the routes that it does not know are in it, too."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI

from lmarena_bridge.core.api.description import Description, paths, schemas

_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete", "head"})


class DescribedApp(FastAPI):
    """`descriptions`: of the routes that FastAPI does not know."""

    descriptions: Sequence[Description] = ()

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            components = document.setdefault("components", {}).setdefault("schemas", {})
            for path in document["paths"].values():
                for method in _METHODS & path.keys():
                    # The framework's own refusal: what is wrong with a request is told in our shape.
                    path[method]["responses"].pop("422", None)
            for each in self.descriptions:
                document["paths"] |= paths(each)
                components |= schemas(each)
        return self.openapi_schema or {}
