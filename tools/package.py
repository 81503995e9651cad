# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the collection, install it offline into an empty place, and read its documentation there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from workspace import ROOT, git_files

NAME = "cns.image_agent"
SHIPPED = {
    "CHANGELOG.md",
    "COPYING",
    "LICENSES",
    "README.md",
    "awx",
    "changelogs",
    "docs",
    "extensions",
    "meta",
    "playbooks",
    "plugins",
    "roles",
}
MADE_BY_BUILD = {"FILES.json", "MANIFEST.json"}
# Directories of plugins that ansible-doc has no page for
UNDOCUMENTED = {"action", "doc_fragments", "module_utils", "plugin_utils", "sub_plugins"}


def ansible(*command, cwd=ROOT, **variables):
    """Run a command of Ansible and return what it prints; on failure show that and stop."""
    result = subprocess.run(command, env=dict(os.environ, **variables), cwd=cwd, check=False, stdout=subprocess.PIPE, text=True)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stdout}")
    return result.stdout


def expect(wanted, found, what):
    if wanted != found:
        sys.exit(f"{what}: missing {sorted(wanted - found)}, unexpected {sorted(found - wanted)}")


def documented():
    """What has to have a documentation page, as (kind, name)."""
    for file in [*ROOT.glob("plugins/*/[!_]*.py"), *ROOT.glob("plugins/filter/*.yml")]:
        kind = file.parent.name
        # A file with several filters has the documentation of each in a file of its own.
        if kind not in UNDOCUMENTED and (file.suffix == ".yml" or "DOCUMENTATION" in file.read_text()):
            yield "module" if kind == "modules" else kind, f"{NAME}.{file.stem}"
    for file in ROOT.glob("roles/*/meta/argument_specs.yml"):
        yield "role", f"{NAME}.{file.parent.parent.name}"


def main():
    with tempfile.TemporaryDirectory() as scratch:
        ansible("ansible-galaxy", "collection", "build", "--output-path", scratch)
        (artifact,) = Path(scratch).glob("*.tar.gz")
        with tarfile.open(artifact) as archive:
            packed = {member.name for member in archive if not member.isdir()}
        ours = {name for name in git_files() if Path(name).parts[0] in SHIPPED and not name.startswith("changelogs/fragments/")}
        expect(ours | MADE_BY_BUILD, packed, "files in the artifact")

        place = f"{scratch}/installed"
        ansible(
            "ansible-galaxy", "collection", "install", str(artifact), "--offline", "-p", place, ANSIBLE_COLLECTIONS_PATH=place
        )
        dump = json.loads(ansible("ansible-doc", "--metadata-dump", NAME, ANSIBLE_COLLECTIONS_PATH=place))
        pages = {(kind, name) for kind, entries in dump["all"].items() for name in entries if name.startswith(NAME)}
        expect(set(documented()), pages, "documentation pages")
        ansible(sys.executable, "-m", "galaxy_importer.main", str(artifact), cwd=scratch)
        print(f"{len(packed)} files, {len(pages)} documentation pages")


if __name__ == "__main__":
    main()
