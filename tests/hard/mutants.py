# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mutants of Python code: the same code with one thing wrong. Pure."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


class Mutant(NamedTuple):
    """``name``: the function, what stood there, and what stands there now; it outlives a change elsewhere in the file."""

    name: str
    line: int
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Each mutant of a file, once."""
    tree = ast.parse(source)
    seen = set()
    for place, (function, node) in enumerate(_nodes(tree)):
        for number, changed in enumerate(_changes(node)):
            if (place, number) not in seen:
                seen.add((place, number))
                name = f"{function}: {ast.unparse(node)} -> {ast.unparse(changed)}"
                yield Mutant(" ".join(name.split()), getattr(node, "lineno", 0), _with(tree, node, changed))


class _Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Not by the kind of the node, but by the node itself."""
        return self._new if node is self._old else self.generic_visit(node)


def _with(tree: ast.Module, node: ast.AST, changed: ast.AST) -> str:
    """The source with one node replaced."""
    # A transformer changes the tree in place, so that it is given a copy in which the node itself is kept.
    return ast.unparse(ast.fix_missing_locations(_Replace(node, changed).visit(copy.deepcopy(tree, {id(node): node}))))


def _nodes(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every node that does something: no annotation, no docstring, no import; with the function in which it is."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "type_comment", "decorator_list"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST):
                inside = node.name if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else function
                yield inside, node
                yield from _nodes(node, inside)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        yield from _other_comparisons(node)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield from (ast.Constant(node.value + by) for by in (1, -1))
    elif isinstance(node, ast.Return) and node.value and not _is_nothing(node.value):
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)


def _other_comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        yield ast.Compare(node.left, [*node.ops[:place], _COMPARED[type(operator)](), *node.ops[place + 1 :]], node.comparators)


def _is_nothing(node: ast.AST) -> bool:
    """Who is told C(False) asks whether it is true, and so cannot tell it from None."""
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)
