# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of this project that no other linter knows. Prints one line per finding."""

from __future__ import annotations

import fnmatch
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import examples
import yaml
from package import SHIPPED
from workspace import ROOT, git_files

import roles

HEADER = {line.strip("# ") for line in Path(__file__).read_text().splitlines()[:3]}
WITH_HEADER = {".py", ".sh", ".yml", ".yaml", ".j2", ".toml", ".cfg"}

# What holds on one machine only: home and work directories, and where packages are fetched from.
MACHINE = re.compile(r"(?<![\w.])/(?:root|work|home/\w+)/|\b(?:pypi|pythonhosted|npmjs|galaxy\.ansible)\.(?:org|com)\b|index-url")

# Texts of others, what a tool wrote, and the patterns above
NOT_LINTED = {"COPYING", "LICENSES/GPL-3.0-or-later.txt", "changelogs/changelog.yaml", "tools/lint.py"}


def headers(files: list[str]) -> Iterator[str]:
    """Source files start with the licence header, which a file copied elsewhere takes along."""
    for name in files:
        if Path(name).suffix in WITH_HEADER or name == "Makefile":
            top = {line.strip("#{} ") for line in (ROOT / name).read_text().splitlines()[:8]}
            if not top >= HEADER:
                yield f"{name}: the licence header is missing"


def machine_paths(files: list[str]) -> Iterator[str]:
    """Nothing depends on the machine it was written on."""
    for name in files:
        for number, line in enumerate((ROOT / name).read_text(errors="replace").splitlines(), start=1):
            if found := MACHINE.search(line):
                yield f"{name}:{number}: holds on one machine only: {found.group()}"


def runtime() -> Iterator[str]:
    """Every module is in the action group, and has an action plugin."""
    metadata = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
    modules = {file.stem for file in ROOT.glob("plugins/modules/[!_]*.py")}
    own_action = {file.stem for file in ROOT.glob("plugins/action/[!_]*.py")}
    group = metadata["action_groups"]["cns"]
    if group != sorted(modules):
        yield f"meta/runtime.yml: the action group cns has to list {', '.join(sorted(modules))}"
    for name in sorted(modules - own_action):
        yield f"plugins/action/{name}.py: every module has an action, if only that of plugin_utils/actions/device.py"


def links(files: list[str]) -> Iterator[str]:
    """A link to a file in a text leads to one."""
    for name in examples.documents(files):
        for target in re.findall(r"\]\(([^)#:]+)[^)]*\)", (ROOT / name).read_text()):
            if not (ROOT / name).parent.joinpath(target).exists():
                yield f"{name}: the link to {target} leads nowhere"


# What a user may have in a clone
STRAY = [
    "ansible.cfg",
    "cns-rollout/journal.jsonl",
    "chat.yml",
    "configure.yml",
    "docker-compose.yml",
    "edge.yml",
    "fleet.csv",
    "group_vars/routers/vault.yml",
    "host_vars/r1.yml",
    "hooks/mail.yml",
    "inventory.yml",
    "inventory/hosts",
    "lab/README.md",
    "mail.yml",
    "playbook.yml",
    "playbooks.retry.yml",
    "README.txt",
    "report.html",
    "rollout-isr/report.html",
    "roles.txt",
    "secrets.yml",
    "site.yml",
    "upgrade.yml",
    "vault.yml",
    "Vagrantfile",
]


def packed() -> Iterator[str]:
    """The artifact has what is named in tools/package.py, and nothing else that may lie in a clone."""
    patterns = yaml.safe_load((ROOT / "galaxy.yml").read_text())["build_ignore"]
    for name in [*SHIPPED, *STRAY]:
        ignored = any(fnmatch.fnmatch(name.split("/")[0], pattern) for pattern in patterns)
        if ignored == (name in SHIPPED):
            yield f"galaxy.yml: {name} is {'not ' if ignored else ''}packed"


def main() -> int:
    files = [name for name in git_files() if (ROOT / name).is_file() and name not in NOT_LINTED]
    findings = [
        *headers(files),
        *machine_paths(files),
        *runtime(),
        *packed(),
        *links(files),
        *examples.findings(files),
        *roles.findings(),
    ]
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
