#!/usr/bin/env python
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The house as CONTRIBUTING.md describes it: a line for every file that others import, imports from the top floor down, and
no function longer than a screen.

Run it to have the lines written; with --check it only compares, and with --sizes it says how long functions are.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import graphlib
from workspace import ROOT

PLUGINS = ROOT / "plugins"
PACKAGE = "ansible_collections.cns.image_agent.plugins."
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
LISTED = re.compile(r"(<!-- written by tools/house.py -->\n).*?(<!-- end -->)", re.DOTALL)
MARKUP = re.compile(r"\b[CMP]\((?:cns\.image_agent\.)?([^)#]+)(?:#\w+)?\)")

# From the bottom up: each imports what is below it, and itself. Everything else under plugins/ is a door, above them all.
FLOORS = (
    "module_utils",
    "plugin_utils.inline",
    "plugin_utils.rollout",
    "plugin_utils.receiver",
    "plugin_utils.fleet",
    "plugin_utils.actions",
)
REACH = {"modules": 1, "doc_fragments": 0}  # doors that import of fewer floors, because they run where the others are not

MEASURED = ("plugins", "lab", "tools", "extensions")
LONGEST = 40  # lines of a function


def _files() -> dict[str, Path]:
    """``{dotted name below plugins: file}``"""
    return {".".join(file.relative_to(PLUGINS).with_suffix("").parts): file for file in sorted(PLUGINS.rglob("*.py"))}


def _imported(file: Path, known: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(PACKAGE):
            module = (node.module or "")[len(PACKAGE) :]
            for alias in node.names:
                yield f"{module}.{alias.name}" if f"{module}.{alias.name}" in known else module


def _floor(name: str) -> str:
    return next((floor for floor in FLOORS if name.startswith(floor + ".")), name.split(".")[0])


def _may_import(floor: str) -> tuple[str, ...]:
    reach = FLOORS.index(floor) if floor in FLOORS else REACH.get(floor, len(FLOORS))
    return (*FLOORS[:reach], floor)


def imports() -> Iterator[str]:
    """Nothing is imported in a circle, nor from a floor above."""
    files = _files()
    graph = {name: set(_imported(file, files)) for name, file in files.items()}
    for name, imported in graph.items():
        for other in sorted(imported):
            if _floor(other) not in _may_import(_floor(name)):
                yield f"{files[name].relative_to(ROOT)}: imports {other}, which is on no floor below"
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield "plugins/: an import goes in a circle: " + " -> ".join(error.args[1])


def _listing() -> str:
    """Every folder with its files, and the first line of the documentation of each."""
    text = ""
    for folder in ("module_utils", "plugin_utils"):
        for room in sorted({file.parent for file in (PLUGINS / folder).rglob("*.py")}):
            text += f"\n`{room.relative_to(ROOT)}/`\n\n"
            text += "".join(_line(file) for file in sorted(room.glob("*.py")) if file.stat().st_size)
    return text + "\n"


def _line(file: Path) -> str:
    purpose = (ast.get_docstring(ast.parse(file.read_text())) or "").split("\n")[0]
    return "* `%s`: %s\n" % (file.name, MARKUP.sub(r"`\1`", purpose))


def rooms() -> Iterator[str]:
    """The lines in CONTRIBUTING.md are those of the files."""
    if _described() != CONTRIBUTING.read_text():
        yield "CONTRIBUTING.md: the lines about the files of plugins/ are old: run python tools/house.py"


def _described() -> str:
    return LISTED.sub(lambda found: found[1] + _listing() + found[2], CONTRIBUTING.read_text(), count=1)


class Function(NamedTuple):
    lines: int
    place: str


def functions() -> list[Function]:
    """Every function of what is shipped and of what works on it, the longest first."""
    return sorted(
        (one for folder in MEASURED for file in (ROOT / folder).rglob("*.py") for one in _functions(file)), reverse=True
    )


def _functions(file: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(lines, f"{file.relative_to(ROOT)}: {node.name}")


def sizes() -> str:
    """For people: how many functions there are, and how long they are."""
    found = functions()
    median = statistics.median(one.lines for one in found)
    lines = [f"{len(found)} functions in {', '.join(MEASURED)}: median {median:g} lines, longest {found[0].lines}"]
    return "\n".join([*lines, *(f"{one.lines:4} {one.place}" for one in found[:10])])


def long() -> Iterator[str]:
    """No function is longer than fits on a screen."""
    for one in functions():
        if one.lines > LONGEST:
            yield f"{one.place}: {one.lines} lines; at most {LONGEST}"


def main(arguments: list[str]) -> int:
    if arguments == ["--sizes"]:
        print(sizes())
        return 0
    if arguments != ["--check"]:
        CONTRIBUTING.write_text(_described())
        return 0
    findings = [*imports(), *rooms(), *long()]
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
