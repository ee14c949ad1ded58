import pytest

from lmarena_bridge.cli.doctor.file_bed import file_bed
from lmarena_bridge.core.config.settings import Settings


def test_a_file_bed_that_is_off_is_not_spoken_of() -> None:
    assert file_bed(Settings()) == []


@pytest.mark.parametrize("public", ["", "http://127.0.0.1:5102", "http://localhost:5104"])
def test_links_that_the_site_cannot_reach_are_warned_of(public: str) -> None:
    (finding,) = file_bed(Settings(file_bed_enabled=True, file_bed_public_url=public))
    assert finding.state == "warning"
    assert "the site cannot reach" in finding.said.text
    assert "file_bed_public_url" in str(finding.advice)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(file_bed_enabled=True, file_bed_public_url="https://files.example.org"),
        Settings(file_bed_enabled=True, file_bed_upload_url="https://bed.example.org/upload"),
    ],
)
def test_links_that_the_site_can_reach_are_good(settings: Settings) -> None:
    (finding,) = file_bed(settings)
    assert (finding.state, finding.advice) == ("ok", None)
    assert "example.org" in finding.said.text
