import pytest

from lmarena_bridge.server.paths import canonical


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/models", "/v1/models"),
        ("/v1/models/", "/v1/models"),
        ("/models", "/v1/models"),
        ("/models/", "/v1/models"),
        ("/models/a/b:c", "/v1/models/a/b:c"),
        ("/chat/completions", "/v1/chat/completions"),
        ("/v1/chat/completions//", "/v1/chat/completions"),
        ("/v1/v1/messages", "/v1/messages"),
        ("/v1/v1/models/", "/v1/models"),
        ("/messages/count_tokens", "/v1/messages/count_tokens"),
        ("/images/generations", "/v1/images/generations"),
        ("/images/a-picture.png", "/images/a-picture.png"),
        ("/uploads/models", "/uploads/models"),
        ("/modelsx", "/modelsx"),
        ("/", "/"),
        ("/v1/", "/v1/"),
        ("/v1", "/v1"),
        ("/internal/capture/", "/internal/capture/"),
        ("//models", "//models"),
    ],
)
def test_an_address_is_found_however_it_is_written(path: str, meant: str) -> None:
    assert canonical(path) == meant
    assert canonical(meant) == meant
