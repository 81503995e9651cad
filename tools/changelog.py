# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the changelog again from the fragments and the plugins, for the version in galaxy.yml."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import workspace

FILES = ("CHANGELOG.md", "changelogs/changelog.yaml")


def write(*options: str) -> Path:
    """Write the changelog in a copy of the work tree; return where that is. What was removed leaves the changelog as well."""
    space = workspace.prepare()
    command = ["antsibull-changelog", "release", "--reload-plugins", "--update-existing", "--refresh", *options]
    subprocess.run(command, cwd=space.collection, env=space.environment, check=True)
    return space.collection


if __name__ == "__main__":
    copy = write()
    for name in FILES:
        shutil.copy2(copy / name, workspace.ROOT / name)
