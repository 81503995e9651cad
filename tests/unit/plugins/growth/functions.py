# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every function that is given text of somebody else, and texts of what its module knows, on which it may take long."""

from __future__ import annotations

import ast
import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

from .patterns import METHODS

# What parameters are called that are text of a device, of an agent, or of a library about one.
NAMES = {
    *("text", "said", "line", "lines", "body", "data", "answer", "report", "words", "word", "image", "path", "url", "prompt"),
    *("instructions", "encoded", "error", "reason", "version", "raw", "block", "message", "msg", "kexinit", "offer", "header"),
}
_IS_TEXT = re.compile(r"(?:Optional\[)?(?:(?:str|bytes|object)(?: \| (?:str|bytes))?|\w+\[(?:str|bytes)\])(?: \| None)?\]?")
_OF_ONE_LINE = {"line", "word", "image", "path", "url", "prompt", "encoded", "version", "header"}
_UNITS = [
    "a",
    "A",
    "9",
    " ",
    "=",
    ":",
    ".",
    "/",
    "-",
    "@",
    "%",
    "<",
    "(",
    '"',
    "'",
    "$",
    "a ",
    "a=",
    "9:",
    "/a@",
    "://a:b@",
    "<a>",
    "\\x",
]
_MOST_HEADS = 40
_PARSERS = {"loads", "literal_eval", "fromisoformat", "join", "Parse", "feed"}


class Reader(NamedTuple):
    """A function, and which parameter of it is the text."""

    name: str
    function: Callable[..., object]
    parameter: str

    @property
    def of_one_line(self) -> bool:
        return self.parameter in _OF_ONE_LINE

    def on(self, text: str) -> object:
        """Have the function read a text, and whatever else it takes be as little as can be."""
        return self.function(
            **{
                parameter.name: _as(str(parameter.annotation), text) if parameter.name == self.parameter else _little(parameter)
                for parameter in _parameters(self.function)
                if parameter.name == self.parameter or parameter.default is parameter.empty
            }
        )


@functools.lru_cache(maxsize=None)
def _parameters(function: Callable[..., object]) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())


def is_pure(module: ModuleType) -> bool:
    """Whether nothing comes of calling what is in a module."""
    return ".module_utils." in module.__name__ or "Pure" in (module.__doc__ or "")


def readers(module: ModuleType) -> Iterator[Reader]:
    """The functions of a module, and the methods of its classes, that are given text."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(value) and not inspect.iscoroutinefunction(value):  # those hand on what they ask
            yield from _reader(name, value, is_pure(module))
        elif inspect.isclass(value) and not hasattr(value, "_fields"):
            for inner, method in vars(value).items():
                if inspect.isfunction(method) and inner != "__init__" and not inspect.iscoroutinefunction(method):
                    yield from _reader(f"{name}.{inner}", method, False)


def _reader(name: str, function: Callable[..., object], can_be_tried: bool) -> Iterator[Reader]:
    """What cannot be tried as it is counts if it looks into the text, instead of handing it on or opening a file."""
    for parameter in _parameters(function):
        if parameter.name in NAMES and _IS_TEXT.fullmatch(str(parameter.annotation)):
            if not can_be_tried and (parameter.name == "path" or not _looks_into(function, parameter.name)):
                continue
            yield Reader(name, function, parameter.name)
            return


def _looks_into(function: Callable[..., object], name: str) -> bool:
    """Whether a parameter is taken apart, gone through, or given to a pattern or a parser."""
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        value = getattr(node, "value", None) if isinstance(node, (ast.Attribute, ast.Subscript)) else getattr(node, "iter", None)
        called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        given = node.args if called in METHODS | _PARSERS else [value]
        if any(isinstance(one, ast.Name) and one.id == name for one in given):
            return True
    return False


def _as(annotation: str, text: str) -> Any:
    if "[str]" in annotation and "Optional" not in annotation:
        return text.splitlines()
    if "[bytes]" in annotation:
        return text.encode().splitlines()
    return text.encode() if "bytes" in annotation else text


def _little(parameter: inspect.Parameter) -> Any:
    kinds = {"str": "x", "int": 1, "float": 1.0, "bool": False, "bytes": b"x", "object": "x"}
    annotation = str(parameter.annotation)
    if annotation in kinds:
        return kinds[annotation]
    return {} if annotation.startswith(("dict", "Mapping", "Dict")) else [] if re.match(r"\w+\[", annotation) else None


def heads(module: ModuleType) -> list[str]:
    """What the module writes down, up to where a text of its own stands: what it looks for."""
    tree = ast.parse(inspect.getsource(module))
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    known = (re.split(r"[{%\\(\[*+?|\n]", constant)[0].lstrip("^") for constant in constants)
    return list(dict.fromkeys(["", *(head for head in known if 1 < len(head) < 40)]))[:_MOST_HEADS]


def texts(module: ModuleType, of_one_line: bool) -> Iterator[Callable[[int], str]]:
    """What makes a text of some length: a long line, many of them, many lines."""
    for head in heads(module):
        for unit in _UNITS if not head else ("a", " ", ":", "="):
            yield lambda size, head=head, unit=unit: head + (unit * size)[:size] + "!"
        if not of_one_line:
            yield lambda size, head=head: f"{head}a\n" * (size // 4)
