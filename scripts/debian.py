"""Packages from Debian and its children, where we may install them."""

import os
import shutil
import subprocess


def can_install() -> bool:
    """True on a system with apt, as root: the only place where we install system packages unasked."""
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def install(*packages: str) -> bool:
    """Install the packages and say so; False when apt could not."""
    print(f"Installing from this system's packages: {', '.join(packages)}", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages],
    )
    return all(
        subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
        == 0
        for command in commands
    )
