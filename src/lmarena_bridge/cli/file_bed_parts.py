"""The file bed of a home, joined to its settings; for the server and for the command of its own."""

import secrets
import time
from collections.abc import Callable

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.filebed.bed import FileBed, Rules
from lmarena_bridge.filebed.storage import S3Place, Storage, in_bucket, in_directory
from lmarena_bridge.storage.home import Home


def file_bed_of(
    home: Home, settings: Callable[[], Settings], *, keys: Callable[[Settings], tuple[str, ...]], url: str
) -> FileBed:
    """The file bed that follows `settings`; `url` is where it is reached if no public address is set.

    Raises ConfigError if the storage cannot be used as it is configured.
    """
    return FileBed(
        _storage(home, settings()),
        lambda: _rules(settings(), keys, url),
        clock=time.time,
        new_id=lambda: secrets.token_hex(16),
    )


def keys_alone(settings: Settings) -> tuple[str, ...]:
    """Who may upload where nothing but a file bed is."""
    return (settings.file_bed_api_key,) if settings.file_bed_api_key else ()


def keys_within_server(settings: Settings) -> tuple[str, ...]:
    """Who may upload to the server: who locks the API means that door, too."""
    return keys_alone(settings) or tuple(each.key for each in settings.api_keys)


def _rules(settings: Settings, keys: Callable[[Settings], tuple[str, ...]], url: str) -> Rules:
    return Rules(
        base_url=settings.file_bed_public_url or url,
        keys=keys(settings),
        keep_seconds=settings.file_bed_keep_seconds,
        max_bytes=settings.file_bed_max_bytes,
        quota_bytes=settings.file_bed_quota_bytes,
    )


def _storage(home: Home, settings: Settings) -> Storage:
    if not settings.file_bed_s3_bucket:
        directory = home.uploads
        try:
            return in_directory(directory)
        except OSError as error:
            raise ConfigError(f"The file bed cannot use {directory}: {error.strerror or error}.") from error
    place = S3Place(
        bucket=settings.file_bed_s3_bucket,
        prefix=settings.file_bed_s3_prefix,
        endpoint=settings.file_bed_s3_endpoint,
        region=settings.file_bed_s3_region,
        access_key_id=settings.file_bed_s3_access_key_id,
        secret_access_key=settings.file_bed_s3_secret_access_key,
    )
    try:
        return in_bucket(place)
    except ValueError as error:
        raise ConfigError(f"The file bed's storage (file_bed_s3_…) cannot be used: {error}") from error
