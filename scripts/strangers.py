"""Programs of others that attack ours, for the tests: `python -m scripts.strangers schemathesis autobahn …`.

Each goes into a folder of its own under .venv/strangers, so that what it needs touches nothing of ours, and
`make clean` removes it.

    schemathesis   asks everything that /openapi.json allows, and what it does not
    atheris        libFuzzer for Python: inputs that reach new lines of a parser
    slowhttptest   slow headers, slow bodies, slow readers; from Debian
    autobahn       the conformance suite of the WebSocket protocol. It needs Python 2.7, which is unpacked
                   from the archive of Debian 11 beside; nothing is installed into the system
"""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from scripts import debian

HOME: Final = Path(".venv") / "strangers"
_BIN: Final = "Scripts" if sys.platform == "win32" else "bin"


def main(*names: str) -> None:
    for name in names:
        done = HOME / f".{name}"
        recipe = Path("requirements") / f"{name}.txt"
        if done.exists() and (not recipe.exists() or recipe.stat().st_mtime <= done.stat().st_mtime):
            continue
        print(f"Setting up {name} ...", flush=True)
        HOME.mkdir(parents=True, exist_ok=True)
        TOOLS[name]()
        done.touch()


def program(tool: str, name: str) -> Path:
    """Where a program of a tool with an environment of its own is."""
    return HOME / tool / _BIN / name


def schemathesis() -> None:
    _environment("schemathesis")


def atheris() -> None:
    _environment("atheris")


def slowhttptest() -> None:
    if shutil.which("slowhttptest") is None and not (debian.can_install() and debian.install("slowhttptest")):
        sys.exit("slowhttptest is missing: sudo apt install slowhttptest")


def autobahn() -> None:
    """The folder, whole and at the end: a set-up that broke off is begun anew."""
    target = (HOME / "autobahn").absolute()
    shutil.rmtree(target, ignore_errors=True)
    _unpack_python2(target)
    _install_suite(target)


def autobahn_command(*arguments: str) -> tuple[list[str], Mapping[str, str]]:
    """The command that runs `wstest`, and its environment."""
    target = (HOME / "autobahn").absolute()
    start = "import sys; sys.argv[0] = 'wstest'; from autobahntestsuite.wstest import run; run()"
    return [str(_python2(target)), "-c", start, *arguments], _python2_environment(target)


def _environment(name: str) -> None:
    """A virtual environment with what the lock file says."""
    folder = HOME / name
    venv.create(folder, with_pip=True, clear=True)
    _run(
        *(str(program(name, "python")), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("install", "--require-hashes", "-r", f"requirements/{name}.txt"),
    )


# -- Autobahn ----------------------------------------------------------------------------------------------

_DEBS: Final = (
    "python2.7",
    "python2.7-minimal",
    "libpython2.7",
    "libpython2.7-minimal",
    "libpython2.7-stdlib",
    "libffi7",
    "libssl1.1",
)
# The suite's own list is open to newer releases, none of which has Python 2.7 any more.
_WHEELS: Final = (
    "cffi==1.15.1",
    "cryptography==3.3.2",
    "markupsafe==1.1.1",
    "setuptools==44.0.0",
    "Twisted==20.3.0",
    "zope.interface==4.7.2",
)
_PACKAGES: Final = (
    "argparse==1.4.0",
    "attrs==21.4.0",
    "autobahn==0.10.9",
    "Automat==20.2.0",
    "constantly==15.1.0",
    "enum34==1.1.10",
    "hyperlink==21.0.0",
    "idna==2.10",
    "incremental==17.5.0",
    "ipaddress==1.0.23",
    "jinja2==2.11.3",
    "klein==17.10.0",
    "linecache2==1.0.0",
    "pyasn1==0.4.8",
    "pyasn1_modules==0.2.8",
    "pycparser==2.21",
    "PyHamcrest==1.10.1",
    "pyOpenSSL==19.1.0",
    "service_identity==18.1.0",
    "six==1.16.0",
    "traceback2==1.4.0",
    "txaio==2.1.0",
    "typing==3.10.0.0",
    "unittest2==1.1.0",
    "Werkzeug==1.0.1",
)
_SUITE: Final = "25.10.1"
_PIP: Final = "20.3.4"


def _unpack_python2(target: Path) -> None:
    for folder in ("lists/partial", "cache/archives/partial", "debs", "root", "wheels", "site"):
        (target / folder).mkdir(parents=True)
    sources = target / "debian11.list"
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    sources.write_text(f"deb [signed-by={keyring}] {_mirror()} bullseye main\n", encoding="utf-8")
    options = (
        *("-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=/dev/null"),
        *("-o", f"Dir::State::lists={target}/lists", "-o", f"Dir::Cache={target}/cache"),
    )
    _run("apt-get", *options, "-qq", "update")
    _run("apt-get", *options, "-qq", "download", *_DEBS, cwd=target / "debs")
    for package in sorted((target / "debs").glob("*.deb")):
        _run("dpkg", "-x", str(package), str(target / "root"))


def _install_suite(target: Path) -> None:
    wheels, site = target / "wheels", target / "site"
    fetch = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(wheels))
    _run(*fetch, f"pip=={_PIP}")
    old_pip = f"{wheels}/pip-{_PIP}-py2.py3-none-any.whl/pip"
    install = (str(_python2(target)), old_pip, "install", "--quiet", "--no-deps", "--target", str(site))
    environ = _python2_environment(target)
    _run(*install, "--only-binary=:all:", *_WHEELS, env=environ)
    _run(*install, *_PACKAGES, env=environ)
    (site / "zope" / "__init__.py").touch()
    _run(*fetch, "--no-binary", ":all:", f"autobahntestsuite=={_SUITE}")
    shutil.unpack_archive(wheels / f"autobahntestsuite-{_SUITE}.tar.gz", wheels)
    shutil.copytree(wheels / f"autobahntestsuite-{_SUITE}" / "autobahntestsuite", site / "autobahntestsuite")


def _mirror() -> str:
    """The archive that this machine already uses."""
    for file in sorted(Path("/etc/apt").rglob("*.sources")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("URIs:"):
                return line.split()[1]
    for file in (Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*.list"))):
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                if line.startswith("deb "):
                    return next(word for word in line.split()[1:] if "://" in word)
    sys.exit("Autobahn needs Debian or one of its children: /etc/apt names no archive here.")


def _python2(target: Path) -> Path:
    return target / "root" / "usr" / "bin" / "python2.7"


def _python2_environment(target: Path) -> Mapping[str, str]:
    root = target / "root"
    libraries = [*root.glob("usr/lib/*-linux-gnu"), *root.glob("lib/*-linux-gnu")]
    return {
        **os.environ,
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
        "PYTHONHOME": f"{root}/usr",
        "PYTHONPATH": f"{target}/site",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _run(*command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:4])} … failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


TOOLS: Final[Mapping[str, Callable[[], None]]] = {
    "schemathesis": schemathesis,
    "atheris": atheris,
    "slowhttptest": slowhttptest,
    "autobahn": autobahn,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
