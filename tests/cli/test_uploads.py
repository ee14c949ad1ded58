import pytest

from lmarena_bridge.cli.uploads import is_own_file_bed
from lmarena_bridge.core.config.settings import Settings


@pytest.mark.parametrize(
    ("settings", "own"),
    [
        (Settings(), True),
        (Settings(file_bed_upload_url="http://localhost:5102/upload"), True),
        (Settings(file_bed_upload_url="http://127.0.0.1:7000/upload", file_bed_port=7000), True),
        (Settings(file_bed_mounted=False), False),
        (Settings(file_bed_upload_url="http://127.0.0.1:7000/upload"), False),
        (Settings(file_bed_upload_url="https://bed.example.org:5104/upload"), False),
        (Settings(file_bed_upload_url="http://127.0.0.1:99999/upload"), False),
        (Settings(file_bed_upload_url=""), False),
    ],
)
def test_the_bed_within_the_server_stands_in_for_that_of_this_computer(settings: Settings, own: bool) -> None:
    assert is_own_file_bed(settings) is own
