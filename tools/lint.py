# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of this project that no other linter knows. Prints one line per finding."""

from __future__ import annotations

import ast
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


# Whatever is shown passes plugins/module_utils/door.py. Who else makes text fit to be shown, or knows a mask, and why.
NEAR_THE_DOOR = {
    "plugins/module_utils/door.py": "is the door",
    "plugins/module_utils/scrub.py": "knows what becomes of a secret in text that was made safe",
    "plugins/module_utils/module.py": "tells core of secrets",
    "plugins/module_utils/configure.py": "shows nothing of a config that it cannot understand",
    "plugins/module_utils/refusal.py": "shortens a sentence before it is put into another",
    "plugins/module_utils/plan.py": "gives a masked value of the user back its secret",
    "plugins/module_utils/features/agent_id.py": "reads the password of a line",
    "plugins/module_utils/features/image.py": "reads the password of a line",
    "plugins/plugin_utils/fleet/attempt.py": "has reasons of one line, and gives what was masked in a journal back its value",
    "plugins/plugin_utils/fleet/course.py": "gives what was masked in a journal back its value",
    "plugins/plugin_utils/fleet/table.py": "a cell of a table is one line, whoever made the data",
    "plugins/plugin_utils/rollout/page.py": "shows reports and journals that others may have written",
    "plugins/plugin_utils/inline/reader.py": "shortens a line before it is put into a sentence",
    "plugins/plugin_utils/inline/ssh.py": "shortens a question before it is put into a sentence",
    "plugins/plugin_utils/receiver/message.py": "understands messages in which more names are those of secrets",
    "plugins/plugin_utils/rollout/artifact.py": "believes no text of an artifact that it was given",
    "plugins/plugin_utils/rollout/entries.py": "a name that would act is no name of a host",
    "plugins/plugin_utils/rollout/report.py": "a value of a report is one line, whoever wrote the journal",
    "plugins/plugin_utils/rollout/heard.py": "believes no text of a journal that others write",
}
_TELLERS = {"display", "self._display", "log", "self._console", "getattr(display, level, display.vvvv)"}


def doors(files: list[str]) -> Iterator[str]:
    """Nothing masks but the door, and nothing is said to people that does not pass it."""
    for name in files:
        if not name.startswith("plugins/") or not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.ImportFrom) and name not in NEAR_THE_DOOR:
                known = {(node.module or "").rpartition(".")[2], *(alias.name for alias in node.names)}
                if known & {"secret", "safe_text"}:
                    yield f"{name}:{node.lineno}: only the door masks; NEAR_THE_DOOR in tools/lint.py lists who else may know how"
            if isinstance(node, ast.Call) and _tells(node.func) and not all(map(_passed_the_door, node.args)):
                yield f"{name}:{node.lineno}: what is shown passes the line or the text of a door"


def _tells(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return ast.unparse(function.value) in _TELLERS and function.attr not in ("set_queue", "prompt_until", "show_cursor")
    return ast.unparse(function) in ("print", *_TELLERS)


def _passed_the_door(argument: ast.expr) -> bool:
    passed = (
        isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute) and argument.func.attr in ("line", "text")
    )
    return passed or isinstance(argument, ast.Constant)


_DIGITS = ("isdigit", "isdecimal", "isnumeric")


def digits(files: list[str]) -> Iterator[str]:
    """What a device or a user writes in the digits of another script, or as a superscript, is no number.

    That no pattern takes them either is seen by C(test_linear_patterns.py), which knows what a pattern matches.
    """
    for name in files:
        if name.startswith(("plugins/", "extensions/", "lab/", "tools/")) and name.endswith(".py"):
            for node in ast.walk(ast.parse((ROOT / name).read_text())):
                if isinstance(node, ast.Attribute) and node.attr in _DIGITS:
                    yield f"{name}:{node.lineno}: {node.attr} knows digits of every script: match [0-9]"


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
        *doors(files),
        *digits(files),
        *packed(),
        *links(files),
        *examples.findings(files),
        *roles.findings(),
    ]
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
