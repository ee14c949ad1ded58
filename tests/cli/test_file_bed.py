import base64
from pathlib import Path

import httpx2
import pytest

from lmarena_bridge.cli.file_bed import file_bed_server
from lmarena_bridge.core.errors import ConfigError

PICTURE = b"\x89PNG\r\n\x1a\n..."
UPLOAD = {"file_name": "x.png", "file_data": f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"}


def settings(home: Path, text: str) -> Path:
    (home / "config.jsonc").write_text(text, encoding="utf-8")
    return home


async def test_it_takes_files_and_hands_them_out(tmp_path: Path) -> None:
    async with file_bed_server(tmp_path, port=0) as url, httpx2.AsyncClient() as client:
        assert url.startswith("http://127.0.0.1:")
        said = (await client.post(f"{url}/upload", json=UPLOAD)).json()
        assert said["url"].startswith(f"{url}/uploads/")
        assert (await client.get(said["url"])).content == PICTURE
        assert (tmp_path / "state" / "uploads" / said["filename"]).read_bytes() == PICTURE
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


async def test_files_outlive_a_restart(tmp_path: Path) -> None:
    async with file_bed_server(tmp_path, port=0) as url, httpx2.AsyncClient() as client:
        name = (await client.post(f"{url}/upload", json=UPLOAD)).json()["filename"]
    async with file_bed_server(tmp_path, port=0) as url, httpx2.AsyncClient() as client:
        assert (await client.get(f"{url}/uploads/{name}")).content == PICTURE


async def test_settings_count_at_once(tmp_path: Path) -> None:
    async with file_bed_server(settings(tmp_path, "{}"), port=0) as url, httpx2.AsyncClient() as client:
        assert (await client.post(f"{url}/upload", json=UPLOAD)).status_code == 200
        settings(
            tmp_path, '{"file_bed_api_key": "the key", "file_bed_public_url": "https://files.example.org"}'
        )
        assert (await client.post(f"{url}/upload", json=UPLOAD)).status_code == 401
        said = (await client.post(f"{url}/upload", json={**UPLOAD, "api_key": "the key"})).json()
        assert said["url"] == f"https://files.example.org/uploads/{said['filename']}"


async def test_the_key_of_the_api_is_not_asked_for(tmp_path: Path) -> None:
    home = settings(tmp_path, '{"api_key": "of the api"}')
    async with file_bed_server(home, port=0) as url, httpx2.AsyncClient() as client:
        assert (await client.post(f"{url}/upload", json=UPLOAD)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    ],
)
async def test_no_web_page_may_upload_but_everybody_may_follow_a_link(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    async with file_bed_server(tmp_path, port=0) as url, httpx2.AsyncClient() as client:
        said = (await client.post(f"{url}/upload", json=UPLOAD)).json()
        assert (await client.post(f"{url}/upload", json=UPLOAD, headers=headers)).status_code == 403
        assert (await client.get(said["url"], headers=headers)).content == PICTURE


async def test_a_name_that_is_allowed_may_be_used(tmp_path: Path) -> None:
    home = settings(tmp_path, '{"allowed_hosts": ["files.example.org"]}')
    async with file_bed_server(home, port=0) as url, httpx2.AsyncClient() as client:
        allowed = {"host": "files.example.org"}
        assert (await client.post(f"{url}/upload", json=UPLOAD, headers=allowed)).status_code == 200


async def test_listening_to_the_network_needs_a_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="file_bed_api_key"):
        async with file_bed_server(tmp_path, host="0.0.0.0", port=0):
            pass


async def test_a_port_that_is_taken_is_said_with_the_setting_that_chooses_it(tmp_path: Path) -> None:
    async with file_bed_server(tmp_path / "one", port=0) as url:
        with pytest.raises(ConfigError, match="file_bed_port"):
            async with file_bed_server(tmp_path / "two", port=int(url.rpartition(":")[2])):
                pass


async def test_a_place_for_the_files_that_cannot_be_is_an_error_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "uploads").touch()
    with pytest.raises(ConfigError, match="uploads"):
        async with file_bed_server(tmp_path, port=0):
            pass


async def test_a_bucket_that_cannot_be_is_one_as_well(tmp_path: Path) -> None:
    home = settings(tmp_path, '{"file_bed_s3_bucket": "bed", "file_bed_s3_endpoint": "http://[::1"}')
    with pytest.raises(ConfigError, match="file_bed_s3"):
        async with file_bed_server(home, port=0):
            pass
