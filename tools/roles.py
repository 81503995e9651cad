# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the roles against what they feed: each is read, and is like the option of the module that it becomes."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path
from typing import Any, Iterator

import yaml

ROOT = Path(__file__).resolve().parent.parent
OPTION = re.compile(r"\bcns_\w+")
CHOSEN = re.compile(r" (?:if|is) .*")  # of an expression, what decides whether it is used
LIKE = {("str", "bytes")}  # a size with its unit
# Defaults that differ from those of the module on purpose
MEANT = {
    ("agent", "cns_save_when"),  # an upgrade ends with a reload
    ("agent", "cns_trustpoint"),  # the module has none
    ("preflight", "cns_preflight_fail"),  # the module makes reports, and the role is asked whether the fleet is ready
}
OF_OTHERS = {"controller"}  # its data names the variables of the other roles, which its unit tests compare with those


def findings() -> Iterator[str]:
    """A line for each option of a role that nothing reads, lacks, or differs from that of a module."""
    for role in sorted((ROOT / "roles").iterdir()):
        options: dict[str, Any] = {}
        for entry in _yaml(role / "meta/argument_specs.yml")["argument_specs"].values():
            options.update(entry["options"])
        for finding in (*_unread(role, options), *_defaults(role, options), *_unlike(role, options)):
            yield f"roles/{role.name}: {finding}"


def _unread(role: Path, options: dict[str, Any]) -> Iterator[str]:
    texts = [file.read_text() for part in ("tasks", "vars", "defaults") for file in (role / part).rglob("*.yml")]
    read = {name for text in texts for name in OPTION.findall(text)}
    for name in sorted(set(options) - read):
        yield f"nothing reads {name}, which meta/argument_specs.yml offers"
    made = {name for text in texts for name in _made(text)} | _modules()
    others = {name for name in read if role.name in OF_OTHERS and not name.startswith(f"cns_{role.name}_")}
    for name in sorted(read - set(options) - made - others):
        yield f"{name} is read, and no option in meta/argument_specs.yml"


def _made(text: str) -> Iterator[str]:
    """What tasks and variables of the role set themselves, for each other or for the user's own tasks."""
    yield from re.findall(r"^ +(?:register|loop_var|index_var): (cns_\w+)$", text, re.MULTILINE)
    yield from re.findall(r"^(?: {8,})?(cns_\w+):", text, re.MULTILINE)


def _modules() -> set[str]:
    return {file.stem for file in ROOT.glob("plugins/modules/*.py")}


def _defaults(role: Path, options: dict[str, Any]) -> Iterator[str]:
    given = {name: value for file in sorted(role.glob("defaults/**/*.yml")) for name, value in _yaml(file).items()}
    for name, option in options.items():
        value = given.get(name)
        if "default" in option and option["default"] != value:
            yield f"the default of {name} is {value!r} in its defaults, and {option['default']!r} in meta/argument_specs.yml"
        documented = "default" in option or "{{" in str(value) or _is_data(value)
        if name in given and not documented:
            yield f"{name} has a default, and none in meta/argument_specs.yml"
    for name in sorted(set(given) - set(options)):
        yield f"{name} has a default, and is no option in meta/argument_specs.yml"


def _is_data(value: Any) -> bool:
    """Too much to be repeated in the documentation."""
    return isinstance(value, (list, dict)) and len(value) > 0


def _unlike(role: Path, options: dict[str, Any]) -> Iterator[str]:
    for file in sorted((role / "tasks").glob("*.yml")):
        for module, arguments, variables in _tasks(_yaml(file)):
            for name, option, place in _fed(arguments, _documented(module), variables, module):
                if name in options:
                    yield from (f"{name} {what} of {place}" for what in _differences(role, name, options[name], option))


def _tasks(tasks: list[dict[str, Any]]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Module, arguments and variables of each task that runs a module of ours."""
    for task in tasks:
        yield from _tasks(task.get("block", []) + task.get("rescue", []))
        for name, arguments in task.items():
            if name.startswith("cns.image_agent."):
                yield name.split(".")[-1], arguments, task.get("vars", {})


def _fed(arguments: Any, options: dict[str, Any], variables: dict[str, Any], place: str) -> Iterator[tuple[str, Any, str]]:
    """``(variable, the option that it becomes, where that is)``"""
    for key, value in arguments.items():
        option = options.get(key, {})
        if isinstance(value, str):
            text = CHOSEN.sub("", value)
            made = next((variables[name] for name in variables if re.search(rf"\b{name}\b", text)), None)
            value = made or dict(re.findall(r"'(\w+)': (cns_\w+)", text)) or text
        if isinstance(value, dict):
            yield from _fed(value, option.get("suboptions", {}), variables, f"{place}.{key}")
        elif isinstance(value, str) and "{{" in value and len(set(OPTION.findall(value))) == 1:
            yield OPTION.findall(value)[0], option, f"{place}.{key}"


def _differences(role: Path, name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    if not theirs:
        yield "feeds nothing: there is no option"
        return
    types = ours.get("type", "str"), theirs.get("type", "str")
    if types[0] != types[1] and types not in LIKE:
        yield f"has type {types[0]}, not {types[1]}, the type"
    if ours.get("elements") != theirs.get("elements"):
        yield f"has elements {ours.get('elements')}, not {theirs.get('elements')}, those"
    if not set(ours.get("choices", ())) <= set(theirs.get("choices", ())) or ("choices" in theirs and "choices" not in ours):
        yield f"has choices {ours.get('choices')}, which are not those"
    if (ours.get("default") or None) != (theirs.get("default") or None) and (role.name, name) not in MEANT:
        yield f"has default {ours.get('default')!r}, not {theirs.get('default')!r}, that"


def _documented(module: str) -> dict[str, Any]:
    """The options of a module with those of its fragments."""
    tree = ast.parse((ROOT / f"plugins/modules/{module}.py").read_text())
    texts = (node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION")
    documentation = yaml.safe_load(ast.literal_eval(next(texts)))
    options: dict[str, Any] = {}
    for fragment in documentation.get("extends_documentation_fragment", []):
        _cns, _image_agent, name, *part = fragment.split(".")
        fragments = runpy.run_path(str(ROOT / f"plugins/doc_fragments/{name}.py"))["ModuleDocFragment"]
        options.update(yaml.safe_load(getattr(fragments, (part or ["documentation"])[0].upper())).get("options", {}))
    return {**options, **documentation.get("options", {})}


def _yaml(file: Path) -> Any:
    return yaml.safe_load(file.read_text())
