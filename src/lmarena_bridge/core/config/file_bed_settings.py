"""config.jsonc: the settings of the file bed, declared once."""

from dataclasses import dataclass
from typing import Final, Literal

from lmarena_bridge.core.config.checks import Choice, FilledText, Flag, Seconds, Text, WebAddress, Whole
from lmarena_bridge.core.config.setting import setting

_FILE_BED: Final = "File bed"

_DAY: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBedSettings:
    """The part of the settings that is about keeping files for a while under links."""

    file_bed_enabled: bool = setting(
        False,
        Flag(),
        section=_FILE_BED,
        about="""true: attachments are uploaded to a file bed, and their links are sent instead of them. For
            files that are too large for the site (about 5 MB); it must be able to reach the links.""",
    )
    file_bed_mode: Literal["text", "attachment"] = setting(
        "text",
        Choice(("text", "attachment")),
        section=_FILE_BED,
        about="""The link to an uploaded file stands in the message as "text", or takes the place of the file
            as an "attachment".""",
    )
    file_bed_upload_url: str = setting(
        "http://127.0.0.1:5104/upload",
        WebAddress(),
        section=_FILE_BED,
        about="""Where files are uploaded to. As long as the server is a file bed itself, that one stands in
            for the file bed alone.""",
    )
    file_bed_api_key: str = setting(
        "",
        Text(),
        section=_FILE_BED,
        secret=True,
        about="""The key for uploading to the file bed, asked for by it and sent by the bridge. Empty: the
            file bed alone asks for none; within the server an api_key, if there is one, is asked for.""",
    )
    file_bed_mounted: bool = setting(
        True,
        Flag(),
        section=_FILE_BED,
        about="""The server is a file bed as well: /upload and /uploads/ on its own port. false: it is none,
            and one of its own is started by lmarena-bridge file-bed.""",
    )
    file_bed_host: str = setting(
        "127.0.0.1",
        FilledText(),
        section=_FILE_BED,
        at_start=True,
        about="""Where the file bed alone (lmarena-bridge file-bed) listens. Any other address than this
            computer's own needs a file_bed_api_key.""",
    )
    file_bed_port: int = setting(5104, Whole(1, 65_535), section=_FILE_BED, at_start=True, about="Its port.")
    file_bed_public_url: str = setting(
        "",
        WebAddress(),
        section=_FILE_BED,
        about="""The address under which the internet reaches the file bed, like
            "https://files.example.org", when you have made it reachable; links to files begin with it. Empty:
            this computer's own address, which the site cannot reach.""",
    )
    file_bed_max_bytes: int = setting(
        512 * 1024 * 1024,
        Whole(1024, 2**40),
        section=_FILE_BED,
        about="The largest file that is taken. In bytes.",
    )
    file_bed_keep_seconds: float = setting(
        float(_DAY),
        Seconds(0, 3650 * _DAY),
        section=_FILE_BED,
        about="How long a file is kept. 0: for ever.",
    )
    file_bed_quota_bytes: int = setting(
        5 * 1024**3,
        Whole(0, 2**50),
        section=_FILE_BED,
        about="""How much all files together may take; when it is reached, the oldest go first. In bytes. 0:
            as much as there is.""",
    )
    file_bed_s3_bucket: str = setting(
        "",
        Text(),
        section=_FILE_BED,
        at_start=True,
        about="""A bucket of Amazon S3, or of any storage that speaks S3, to keep the files in. Empty: they
            are in state/uploads.""",
    )
    file_bed_s3_prefix: str = setting(
        "",
        Text(),
        section=_FILE_BED,
        at_start=True,
        about="A folder in that bucket for nothing but these files.",
    )
    file_bed_s3_endpoint: str = setting(
        "",
        WebAddress(),
        section=_FILE_BED,
        at_start=True,
        about="The address of the storage, if not Amazon's.",
    )
    file_bed_s3_region: str = setting(
        "", Text(), section=_FILE_BED, at_start=True, about="Its region; most other storages need none."
    )
    file_bed_s3_access_key_id: str = setting(
        "",
        Text(),
        section=_FILE_BED,
        at_start=True,
        secret=True,
        about="The two parts of its key. Empty: what the environment says (AWS_ACCESS_KEY_ID and so on).",
    )
    file_bed_s3_secret_access_key: str = setting(
        "", Text(), section=_FILE_BED, at_start=True, secret=True, about="The secret one of the two."
    )
