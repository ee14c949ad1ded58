"""The link of the chain that only some have: whether the site can reach the links to uploaded files."""

from lmarena_bridge.cli.doctor import words
from lmarena_bridge.cli.doctor.finding import Finding
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.outbound.local_addresses import is_local


def file_bed(settings: Settings) -> list[Finding]:
    """Nothing if no file is ever uploaded."""
    if not settings.file_bed_enabled:
        return []
    if not is_local(settings.file_bed_upload_url):
        return [Finding(words.FILE_BED, "ok", words.UPLOADED_TO(url=settings.file_bed_upload_url))]
    public = settings.file_bed_public_url
    if public and not is_local(public):
        return [Finding(words.FILE_BED, "ok", words.LINKS_BEGIN(url=public))]
    said = words.LINKS_UNREACHABLE(address=public or words.OWN_ADDRESS())
    return [Finding(words.FILE_BED, "warning", said, words.OPEN_FILE_BED())]
