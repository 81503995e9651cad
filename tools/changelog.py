# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the changelog again from the fragments and the plugins, for the version in galaxy.yml."""

from __future__ import annotations

import shutil
import subprocess

import workspace

space = workspace.prepare()
command = ["antsibull-changelog", "release", "--reload-plugins", "--update-existing", "--refresh"]
subprocess.run(command, cwd=space.collection, env=space.environment, check=True)
for name in ("CHANGELOG.md", "changelogs/changelog.yaml"):
    shutil.copy2(space.collection / name, workspace.ROOT / name)
