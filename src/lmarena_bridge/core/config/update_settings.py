"""config.jsonc: the settings of how newer versions are found, declared once."""

from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.config.checks import Flag
from lmarena_bridge.core.config.file_bed_settings import FileBedSettings
from lmarena_bridge.core.config.setting import setting
from lmarena_bridge.core.config.update_checks import PublicKey, ReleaseAddress

_UPDATES: Final = "Updates"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSettings(FileBedSettings):
    """The part of the settings that is about newer versions of this program."""

    enable_auto_update: bool = setting(
        True,
        Flag(),
        section=_UPDATES,
        about="""true: at its start and once a day the server looks at update_url for a newer version and
            tells you of it. Nothing is ever installed unasked: that is what lmarena-bridge update is for.
            false: it never looks by itself.""",
    )
    update_url: str = setting(
        "",
        ReleaseAddress(),
        section=_UPDATES,
        about="""Where the releases you trust are announced: the https address of a signed manifest. Empty:
            nothing is asked of the network, and you update with what you installed the program with.""",
    )
    update_public_key: str = setting(
        "",
        PublicKey(),
        section=_UPDATES,
        about="""The public key of whoever makes these releases; get it from them another way than from that
            address. What is not signed with it is not believed, and without it nobody looks.""",
    )
