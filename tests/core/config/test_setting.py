from dataclasses import dataclass, fields

from lmarena_bridge.core.config.checks import Text
from lmarena_bridge.core.config.setting import Setting, declared, setting


@dataclass(frozen=True)
class Sample:
    name: str = setting(
        "none",
        Text(),
        section="Names",
        about="""What it is
            called.""",
    )
    key: str = setting("k", Text(), section="Keys", secret=True, in_use=False, at_start=True)


def test_a_declared_setting_is_a_field_with_its_default() -> None:
    assert Sample().name == "none"
    assert Sample(name="other").name == "other"


def test_the_declarations_are_found_by_name_and_in_order() -> None:
    assert list(declared(fields(Sample)).values()) == [
        Setting(
            "name", "none", Text(), "Names", "What it is called.", secret=False, in_use=True, at_start=False
        ),
        Setting("key", "k", Text(), "Keys", "", secret=True, in_use=False, at_start=True),
    ]


def test_a_secret_is_not_printed() -> None:
    assert repr(Sample(key="canary")) == "Sample(name='none')"
