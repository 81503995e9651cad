# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The place below build/ in which the checks run.

ansible-test wants the collection at ansible_collections/cns/image_agent, with the collections it
depends on beside it, and keeps its own virtual environments in the home directory. So the checks
run on a copy of the work tree laid out like that, with a home of their own.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import ansible_collections
from ansible_test._internal.host_configs import VirtualPythonConfig
from ansible_test._internal.python_requirements import get_venv_packages

ROOT = Path(__file__).resolve().parent.parent
VERSION = "{}.{}".format(*sys.version_info)
DEPENDENCIES = ("ansible/netcommon", "ansible/utils", "cisco/ios")

GET_PIP = '''"""Stand-in for get-pip.py: installs the wheel of pip that lies beside it."""
import os
import sys

wheel = os.path.join(os.path.dirname(os.path.abspath(__file__)), "{wheel}")
sys.path.insert(0, wheel)
from pip._internal.cli.main import main

sys.exit(main(["install", "--quiet", "--no-index", wheel]))
'''


class Workspace(NamedTuple):
    """The copy of the collection, and the environment variables to run a check in it."""

    collection: Path
    environment: dict[str, str]

    def reports(self) -> list[Path]:
        """The JUnit reports of sanity and unit tests; those of integration tests count tasks, not tests."""
        reports = self.collection / "tests" / "output" / "junit"
        return [*reports.glob("ansible-test-sanity-*.xml"), *reports.glob("*-units.xml")]


def prepare(number: int = 1) -> Workspace:
    """Lay everything out again, but keep the home with its caches. Workspaces of different numbers work side by side."""
    home = ROOT / "build" / "home"
    tree = ROOT / "build" / VERSION / str(number)
    copy_work_tree(tree / "ansible_collections" / "cns" / "image_agent")
    link_dependencies(tree / "ansible_collections")
    keep_pip_settings(home)
    provide_get_pip(home / ".ansible" / "test" / "cache")
    environment = {
        **os.environ,
        "HOME": str(home),
        "ANSIBLE_COLLECTIONS_PATH": str(tree),
        # Two test runs at a time need networks of their own: LAB_NETWORK=40 make test
        "LAB_ADDRESS_BASE": f"127.{int(os.environ.get('LAB_NETWORK', 20)) + number}.0.0",
        "GIT_CEILING_DIRECTORIES": str(ROOT),  # the collections we depend on are no part of the repository
    }
    return Workspace(tree / "ansible_collections" / "cns" / "image_agent", environment)


def copy_work_tree(target: Path) -> None:
    """Copy what git tracks and what it does not ignore, as it is now."""
    shutil.rmtree(target, ignore_errors=True)
    # A repository of its own: in that of the project the tools would see an ignored directory.
    subprocess.run(["git", "init", "--quiet", str(target)], check=True)
    for name in git_files():
        source, copy = ROOT / name, target / name
        if source.is_symlink() or source.exists():  # not deleted since the last commit
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy, follow_symlinks=False)


def git_files() -> list[str]:
    """The names of the files that are, or could be, committed."""
    return git_names("ls-files", "--cached", "--others", "--exclude-standard")


def git_names(command: str, *options: str) -> list[str]:
    """The names of files that a command of git lists."""
    # The checkout may belong to another user than the one who tests it.
    whole = ["git", "-c", "safe.directory=*", command, "-z", *options]
    output = subprocess.run(whole, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return sorted(set(output.split("\0")) - {""})


def link_dependencies(target: Path) -> None:
    """Put the collections of the installed ansible package beside ours."""
    installed = Path(ansible_collections.__path__[0])
    for name in DEPENDENCIES:
        link = target / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(installed / name)


def keep_pip_settings(home: Path) -> None:
    """Write the pip settings in force to a file: ansible-test hides the environment from pip."""
    settings = {"cache-dir": os.path.expanduser("~/.cache/pip"), "quiet": "2"}
    for line in sorted(pip("config", "list").splitlines(), reverse=True):
        name, value = line.split("=", 1)
        section, option = name.rsplit(".", 1)
        if section in ("global", ":env:"):  # in this order: the environment wins
            settings[option] = " ".join(ast.literal_eval(value).split())
    file = home / ".config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)  # an index may need a password
    file.write_text("\n".join(["[global]", *map(" = ".join, settings.items()), ""]))


def provide_get_pip(cache: Path) -> None:
    """Save ansible-test the download of get-pip.py, which comes from outside the package index."""
    pip_version = get_venv_packages(VirtualPythonConfig(version=VERSION))["pip"]
    wheel = f"pip-{pip_version}-py3-none-any.whl"
    if not (cache / wheel).exists():
        pip("download", "-qq", "--no-deps", "--dest", str(cache), f"pip=={pip_version}")
    (cache / f"get_pip_{pip_version.replace('.', '_')}.py").write_text(GET_PIP.format(wheel=wheel))


def pip(*arguments: str) -> str:
    return subprocess.run([sys.executable, "-m", "pip", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout
