# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the collection, install it offline into an empty place, and use it there: documentation, plugins, playbooks."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from workspace import ROOT, git_files

NAME = "cns.image_agent"

# What ships. Any other file that gets into the artifact is in the wrong place, or of a kind that is to be named here.
KINDS = (
    "CHANGELOG.md",
    "COPYING",
    "LICENSES/*.txt",
    "README.md",
    "changelogs/*.yaml",
    "docs/*.md",
    "docs/docsite/*.yml",
    "docs/docsite/rst/*.rst",
    "extensions/eda/plugins/event_source/*.py",
    "extensions/eda/rulebooks/*.yml",
    "meta/*.txt",
    "meta/meta/*.txt",
    "meta/*.yml",
    "playbooks/*.yml",
    "plugins/*/*.py",
    "plugins/*/*/*.py",
    "plugins/filter/*.yml",
    "plugins/plugin_utils/rollout/*.j2",
    "roles/*/README.md",
    "roles/*/*/*.yml",
    "roles/*/defaults/main/*.yml",
)
SHIPPED = {kind.split("/", maxsplit=1)[0] for kind in KINDS}
INSTALLED = "installed"
MADE_BY_BUILD = {"FILES.json", "MANIFEST.json"}
# Directories of plugins that ansible-doc has no page for
UNDOCUMENTED = {"action", "doc_fragments", "module_utils", "plugin_utils", "sub_plugins"}


def run(scratch: str, *command: str) -> str:
    """Run a command where nothing but the artifact is found, and return what it prints; on failure show that and stop."""
    environment = dict(os.environ, HOME=scratch, ANSIBLE_COLLECTIONS_PATH=f"{scratch}/{INSTALLED}")
    result = subprocess.run(command, env=environment, cwd=scratch, check=False, stdout=subprocess.PIPE, text=True)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stdout}")
    return result.stdout


def expect(wanted: set, found: set, what: str) -> None:
    if wanted != found:
        sys.exit(f"{what}: missing {sorted(wanted - found)}, unexpected {sorted(found - wanted)}")


def ships(name: str) -> bool:
    """Whether a file is of a kind that ships; unlike in fnmatch, an asterisk stands for one name."""
    return any(kind.count("/") == name.count("/") and fnmatch.fnmatchcase(name, kind) for kind in KINDS)


def _documented() -> Iterator[tuple[str, str]]:
    """What has to have a documentation page, as (kind, name)."""
    for file in [*ROOT.glob("plugins/*/[!_]*.py"), *ROOT.glob("plugins/filter/*.yml")]:
        kind = file.parent.name
        # A file with several filters has the documentation of each in a file of its own.
        if kind not in UNDOCUMENTED and (file.suffix == ".yml" or "DOCUMENTATION" in file.read_text()):
            yield "module" if kind == "modules" else kind, f"{NAME}.{file.stem}"
    for file in ROOT.glob("roles/*/meta/argument_specs.yml"):
        yield "role", f"{NAME}.{file.parent.parent.name}"


def build(scratch: str) -> tuple[str, set[str]]:
    """Build the artifact; return it and the names of the files in it."""
    run(scratch, "ansible-galaxy", "collection", "build", str(ROOT), "--output-path", scratch)
    (artifact,) = Path(scratch).glob("*.tar.gz")
    with tarfile.open(artifact) as archive:
        return str(artifact), {member.name for member in archive if not member.isdir()}


def _use(scratch: str, packed: set[str]) -> int:
    """Use what was installed as its users do; return the number of documentation pages."""
    dump = json.loads(run(scratch, "ansible-doc", "--metadata-dump", NAME))
    pages = {(kind, name) for kind, entries in dump["all"].items() for name in entries if name.startswith(NAME)}
    expect(set(_documented()), pages, "documentation pages")
    run(scratch, sys.executable, str(ROOT / "tools/import_all.py"), f"{scratch}/{INSTALLED}")
    playbooks = [f"{NAME}.{Path(name).stem}" for name in sorted(packed) if name.startswith("playbooks/")]
    run(scratch, "ansible-playbook", "--syntax-check", "-i", "localhost,", *playbooks)
    return len(pages)


def _import_to_galaxy(scratch: str, artifact: str) -> None:
    """Do what Galaxy does with an artifact that is uploaded; it takes one with warnings, we do not."""
    said = run(scratch, sys.executable, "-m", "galaxy_importer.main", artifact)
    if warnings := re.findall(r"^(?:WARNING|ERROR).*", said, re.MULTILINE):
        sys.exit("\n".join(["galaxy-importer:", *warnings]))


def check(files: Iterable[str]) -> None:
    """Check the artifact, which is to be made of these files."""
    with tempfile.TemporaryDirectory() as scratch:
        artifact, packed = build(scratch)
        expect({name for name in files if ships(name)} | MADE_BY_BUILD, packed, "files in the artifact")
        run(scratch, "ansible-galaxy", "collection", "install", artifact, "--offline", "-p", INSTALLED)
        pages = _use(scratch, packed)
        _import_to_galaxy(scratch, artifact)
    print(f"{len(packed)} files, {pages} documentation pages")


if __name__ == "__main__":
    check(git_files())
