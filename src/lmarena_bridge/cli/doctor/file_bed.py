"""The link of the chain that only some have: whether the site can reach the links to uploaded files."""

from lmarena_bridge.cli.doctor.finding import Finding
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.outbound.local_addresses import is_local

_LINK = "File bed"


def file_bed(settings: Settings) -> list[Finding]:
    """Nothing if no file is ever uploaded."""
    if not settings.file_bed_enabled:
        return []
    if not is_local(settings.file_bed_upload_url):
        return [Finding(_LINK, "ok", f"files are uploaded to {settings.file_bed_upload_url}")]
    public = settings.file_bed_public_url
    if public and not is_local(public):
        return [Finding(_LINK, "ok", f"links begin with {public}")]
    address = public or "this computer's own address"
    return [
        Finding(
            _LINK,
            "warning",
            f"links begin with {address}, which the site cannot reach",
            "Make the file bed reachable from the internet and set file_bed_public_url in config.jsonc to "
            "its address there; or switch off file_bed_enabled.",
        )
    ]
