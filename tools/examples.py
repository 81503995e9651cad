# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation: every block of shell or YAML says how it is tested, and those that can be run are run.

A comment in front of a block says how: ``.. example: HOW`` in rst, ``<!-- example: HOW -->`` in Markdown, where HOW is one of

    run                      the integration target documentation runs it against the virtual fleet, as printed
    run, which may fail      the same, and its exit status does not matter
    run in clone             the same, in the root of the repository
    file NAME                written to a file that the blocks after it use
    tested in TARGET         the integration target TARGET does the same, with the same names
    not run, because REASON

Usage: examples.py INVENTORY DOCUMENT...    runs what DOCUMENT has, against the fleet of INVENTORY
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Iterator, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("shell", "sh", "bash", "yaml", "yaml+jinja", "ini")
HOW = re.compile(r"run|run, which may fail|run in clone|file \S+|tested in \w+|not run, because .+")
MARK = re.compile(r"(?:\.\.|<!--) example: (.+?)(?: -->)?$")
FENCE = re.compile(r"^```([\w+]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(r"^\.\. code-block:: ([\w+]+)\n(?: +:.*\n)*\n((?:(?:   .*)?\n)+)", re.MULTILINE)
PLACES = ("plugins/*/{}.*", "plugins/sub_plugins/*/{}.*", "playbooks/{}.yml", "roles/{}", "extensions/eda/plugins/*/{}.*")
# The hosts of the printed inventory, and the devices of the virtual fleet that stand in for them
HOSTS = {"r1.example.net": "R1", "r2.example.net": "R2"}
VARIABLES = {
    "cns_image_server_url": "{{ lab_server_url }}",
    "cns_image_status_url": "{{ lab_status_url }}",
    "cns_image_interval": 2,
    "cns_troubleshoot_seconds": 2,
    "vault_cns_image_password": "any",
}
ANSIBLE_CONFIG = "[defaults]\nlocalhost_warning = false\n"


class Example(NamedTuple):
    place: str
    language: str
    text: str
    how: str


def documents(files: list[str]) -> list[str]:
    """Those of the files that have examples."""
    return [name for name in files if re.fullmatch(r"[A-Z]+\.md|(docs|roles|lab|awx|extensions)/.*\.(rst|md)", name)]


def examples(name: str) -> Iterator[Example]:
    text = (ROOT / name).read_text()
    for block in (FENCE if name.endswith(".md") else DIRECTIVE).finditer(text):
        before = text[: block.start()].rstrip().rpartition("\n")[2]
        mark = MARK.match(before)
        if mark or block[1] in LANGUAGES:
            line = text.count("\n", 0, block.start()) + 1
            yield Example(f"{name}:{line}", block[1], textwrap.dedent(block[2]), mark[1] if mark else "")


def findings(files: list[str]) -> Iterator[str]:
    """What is wrong with the examples, for the lint."""
    for name in documents(files):
        for example in examples(name):
            yield from (f"{example.place}: {problem}" for problem in problems(example))


def problems(example: Example) -> Iterator[str]:
    if not HOW.fullmatch(example.how):
        yield "no comment says how this example is tested: see tools/examples.py"
    elif example.how.startswith("tested in "):
        yield from untested(example)
    if example.language.startswith("yaml"):
        yield from yaml_problems(example.text)
    yield from unknown_names(example.text)


def untested(example: Example) -> Iterator[str]:
    target = ROOT / "tests/integration/targets" / example.how.removeprefix("tested in ")
    texts = " ".join(file.read_text() for file in target.rglob("*") if file.is_file())
    if lost := {word for word in re.findall(r"\bcns_(?!hosts)\w+", example.text) if word not in texts}:
        yield f"the integration target {target.name} knows nothing of {', '.join(sorted(lost))}"


def yaml_problems(text: str) -> Iterator[str]:
    try:
        yaml.safe_load(text)
    except yaml.YAMLError as error:
        yield f"this is no YAML: {' '.join(str(error).split())}"


def unknown_names(text: str) -> Iterator[str]:
    """Names of plugins, playbooks and variables of the collection that there are not."""
    for name in re.findall(r"\bcns\.image_agent\.(\w+)", text):
        if not any(found for pattern in PLACES for found in ROOT.glob(pattern.format(name))):
            yield f"there is no cns.image_agent.{name}"
    for name in sorted(set(re.findall(r"(?<![\w.$])cns_\w+(?=[\"']?[:=])", text)) - variables()):
        yield f"there is no variable {name}"


def variables() -> set[str]:
    """Every variable that a role, a playbook or a module of the collection knows."""
    folders = ("roles", "playbooks", "plugins/modules", "awx", "extensions")
    sources = (file for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file())
    return {word for file in sources for word in re.findall(r"\bcns_\w+", file.read_text(errors="replace"))}


def run_document(inventory: Path, name: str) -> bool:
    """Run the examples of a document in a folder of their own. Whether all went well."""
    with tempfile.TemporaryDirectory() as scratch:
        lay_out(Path(scratch), inventory)
        exported: list[str] = []  # as in the one terminal of a reader
        ended = []
        for example in examples(name):
            ended.append(run(example, Path(scratch), exported))
            if example.how.startswith("run"):
                exported += [line for line in example.text.splitlines() if line.startswith("export ")]
        return all(ended)


def lay_out(scratch: Path, inventory: Path) -> None:
    """What the README has the reader write, and beside it how to reach the virtual devices."""
    (scratch / "ansible.cfg").write_text(ANSIBLE_CONFIG)
    (printed,) = [example.text for example in examples("README.md") if example.how == "file inventory.yml"]
    (scratch / "inventory.yml").write_text(printed)
    fleet = yaml.safe_load(inventory.read_text())["ios"]
    server = fleet["vars"]["lab_server_url"].split("/")[2].split(":")[0]
    (scratch / "host_vars").mkdir()
    for host, device in HOSTS.items():
        trusted = {"cns_trusted_servers": [{"agent": "image", "host": server}]}
        reach = {**fleet["vars"], **fleet["hosts"][device], **VARIABLES, **trusted}
        (scratch / "host_vars" / f"{host}.yml").write_text(yaml.safe_dump(reach))


def run(example: Example, scratch: Path, exported: list[str]) -> bool:
    if example.how.startswith("file "):
        file = scratch / example.how.removeprefix("file ")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(example.text)
    if not example.how.startswith("run"):
        return True
    text = "\n".join([*exported, example.text])
    if base := os.environ.get("LAB_ADDRESS_BASE"):  # a second fleet beside the one of the test
        text = text.replace("-m lab up", f"-m lab up --address-base {base.replace('.0.0', '.128.0')}")
    place = ROOT if example.how == "run in clone" else scratch
    result = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=place, check=False, capture_output=True, text=True)
    if result.returncode and example.how != "run, which may fail":
        print(f"{example.place}: this example fails:\n{text}\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}")
        return False
    print(f"{example.place}: ran")
    return True


def main(inventory: str, *names: str) -> int:
    ended = [run_document(Path(inventory), name) for name in names]
    return 0 if all(ended) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
