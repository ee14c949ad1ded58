"""Install node_modules from package-lock.json, with the machine's Node.js or with one put into `.venv`.

Only `make check` needs it: the userscript is one plain file, and nothing of Node goes into the wheel.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
PATH = os.pathsep.join((str(BIN), os.environ.get("PATH", "")))


def main() -> None:
    if not fit(version()):
        put_node_into_venv()
    npm = shutil.which("npm", path=PATH)
    if npm is None or not fit(version()):
        sys.exit(
            "The checks of the userscript need Node.js 20.19, 22.13 or 24 and newer, with npm.\n"
            "Install it from your system's packages or the Node.js project's, then call make again."
        )
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, env={**os.environ, "PATH": PATH}).returncode != 0:
        sys.exit("npm ci failed (see above).")
    Path("node_modules/.installed").touch()


def version() -> str:
    """What `node --version` says, "" when there is no node or no npm beside it."""
    node = shutil.which("node", path=PATH)
    if node is None or shutil.which("npm", path=PATH) is None:
        return ""
    return subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()


def fit(said: str) -> bool:
    """ESLint 10 wants ^20.19, ^22.13 or 24 and above; Debian 12 brings 18."""
    numbers = re.match(r"v(\d+)\.(\d+)", said)
    if numbers is None:
        return False
    major, minor = int(numbers[1]), int(numbers[2])
    return major >= 24 or (major == 22 and minor >= 13) or (major == 20 and minor >= 19)


def put_node_into_venv() -> None:
    print(f"No fit Node.js here (found: {version() or 'none'}); putting one into .venv ...", flush=True)
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run([*command, "--require-hashes", "-r", "requirements/node.txt"])


if __name__ == "__main__":
    main()
