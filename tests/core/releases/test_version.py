import pytest

from lmarena_bridge.core.releases.version import Version, released, running


def test_versions_are_ordered_by_their_numbers() -> None:
    texts = ["0.1.0", "0.1.9", "0.1.10", "0.2.0", "0.10.0", "1.0.0", "10.0.0"]
    versions = [released(text) for text in texts]
    assert versions == sorted(versions)
    assert [str(version) for version in versions] == texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.2",
        "1.2.3.4",
        "01.2.3",
        "1.2.x",
        "v1.2.3",
        " 1.2.3",
        "1.2.3\n",
        "1.2.3rc1",
        "1.2.1234567",
        "١.٢.٣",
    ],
)
def test_nothing_else_is_released(text: str) -> None:
    with pytest.raises(ValueError):
        released(text)


def test_a_working_copy_comes_before_the_version_it_is_on_the_way_to() -> None:
    assert running("0.2.0") == released("0.2.0")
    assert released("0.1.9") < running("0.2.0.dev3") < released("0.2.0")
    assert running("0.2.0+local") == Version(0, 2, 0, is_final=False)
    with pytest.raises(ValueError):
        running("unknown")
