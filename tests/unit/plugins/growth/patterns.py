# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every regular expression of some packages, wherever it is kept, and how it is used."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

METHODS = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
ANCHORED = {"match", "fullmatch"}


class Used(NamedTuple):
    """An expression, and the method by which it reads a text."""

    pattern: re.Pattern[Any]
    method: str


class Made(NamedTuple):
    """An expression that a function makes of what it is given: where, and its source."""

    module: str
    source: str


def modules(package: ModuleType) -> list[ModuleType]:
    """A package, and all in it."""
    (folder,) = package.__path__
    files = sorted(Path(folder).rglob("*.py"))
    names = [".".join([package.__name__, *file.relative_to(folder).with_suffix("").parts]) for file in files]
    return [importlib.import_module(name.removesuffix(".__init__")) for name in names if not name.endswith("__main__")]


def kept(module: ModuleType) -> Iterator[tuple[str, Used]]:
    """What is kept in a module, with the name under which it is, and what its functions write down."""
    tree = ast.parse(inspect.getsource(module))
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern) or inspect.getmodule(value) in (None, module):
            for found, methods in _inside(value, module, ()):
                for method in methods or _methods(name, tree) or ("search", "fullmatch"):
                    yield name, Used(found, method)
    for call, method in _calls(tree):
        pattern = _value(call.args[0], module)
        if isinstance(pattern, (str, bytes)) and method in METHODS:
            yield ast.unparse(call.args[0]), Used(re.compile(pattern, _flags(call, method, module)), method)


def _flags(call: ast.Call, method: str, module: ModuleType) -> Any:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    given = named + call.args[4 if method.startswith("sub") else 2 :]
    return _value(given[0], module) if given and method != "split" else 0


def made(module: ModuleType) -> set[Made]:
    """The expressions that cannot be known without running a function."""
    tree = ast.parse(inspect.getsource(module))
    calls = [call.args[0] for call, _method in _calls(tree) if not isinstance(_value(call.args[0], module), (str, bytes))]
    return {Made(module.__name__.rpartition("plugins.")[2], ast.unparse(argument)) for argument in calls}


def _inside(value: Any, module: ModuleType, above: tuple[int, ...]) -> Iterator[tuple[re.Pattern[Any], set[str]]]:
    """The expressions in a value, in what it contains, and behind a method of one of them that is kept."""
    if id(value) in above:
        return
    if isinstance(value, re.Pattern):
        yield value, set()
    elif isinstance(getattr(value, "__self__", None), re.Pattern):
        yield value.__self__, {value.__name__}
    else:
        for part in _parts(value, module):
            yield from _inside(part, module, (*above, id(value)))


def _parts(value: Any, module: ModuleType) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    if inspect.isclass(value):
        return list(vars(value).values()) if value.__module__ == module.__name__ else []
    return list(vars(value).values()) if type(value).__module__ == module.__name__ and hasattr(value, "__dict__") else []


def _methods(name: str, tree: ast.AST) -> list[str]:
    """By which methods a name is used, or what a loop takes from it; none if it is used in another way."""
    loops = [node for node in ast.walk(tree) if isinstance(node, (ast.For, ast.comprehension)) and _is_name(node.iter, {name})]
    names = {name, *(loop.target.id for loop in loops if isinstance(loop.target, ast.Name))}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in METHODS]
    return sorted({node.attr for node in nodes if _is_name(node.value, names)})


def _is_name(node: ast.AST, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Each call of a function of re in a function; any other makes what the module keeps."""
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for node in {node for function in functions for node in ast.walk(function)}:
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Attribute) and _is_name(function.value, {"re"}) and function.attr in METHODS | {"compile"}:
            yield node, function.attr


def _value(node: ast.AST, module: ModuleType) -> Any:
    """What an expression of Python is, if that takes nothing but the module; else None."""
    try:
        return eval(compile(ast.Expression(node), module.__name__, "eval"), dict(vars(module)))  # our own source
    except NameError:
        return None
