# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A regular expression as an automaton, in which can be searched what its matcher only finds out by trying. Pure.

A state is an atom of the expression and the character that it has just taken. Characters between which the expression makes no
difference are one. What looks further than a character ahead or back is left out, so the automaton may do more than the
expression does, and never less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _compiler, _parser
from re import _constants as sre
from typing import Any, NamedTuple, Union

ALPHABET = [chr(code) for code in [*range(97, 123), *range(0x20, 97), *range(123, 127), *range(0x20), 0x7F]]
BEYOND = ["\u00e9", "\u0661", "\u2028", "\U0001f40d"]
NOTHING = ""  # what stands before the first character
LOOP = 64  # a repetition that may be this long is taken for one without an end


class Edge(NamedTuple):
    """To an atom, if the character before it and the one that it takes are such a pair."""

    to: int
    pairs: frozenset[tuple[str, str]]


Pairs = Union[frozenset, None]  # None is any pair


class Automaton:
    """The ways in which an expression can go through a text; with ``searching`` from wherever in it."""

    def __init__(self, pattern: re.Pattern[Any], searching: bool) -> None:
        self.is_bytes = isinstance(pattern.pattern, bytes)
        self._all = ALPHABET if self.is_bytes else ALPHABET + BEYOND
        self._sets: list[frozenset[str]] = []
        self._conditions: list[frozenset[str]] = []
        self._steps: list[list[tuple[int, Any]]] = []  # of each place: where to without a character, and the condition
        self._ends: list[int] = []
        self._takes: dict[int, tuple[int, int]] = {}  # of a place: the atom that is taken there, and the place behind it
        begin = self._place()
        inner = self._place()
        self._steps[begin].append((inner, None))
        if searching:
            self._steps[self._atom(begin, frozenset(self._all))].append((begin, None))  # any characters before it
        self._ends.append(self._build(_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG), inner, pattern.flags))
        self.atoms = tuple(self._sets)  # the characters that each takes
        self.classes = self._classes()
        self.edges = self._edges(begin)
        self.last = {atom for _front, (atom, behind) in self._takes.items() if self._ends_behind(behind, set())}
        self.ways = self._ways()  # of an atom and its character: what may come next, as often as there are ways to it

    # -- from the tree of the expression to places ---------------------------------------------------------------------

    def _place(self) -> int:
        self._steps.append([])
        return len(self._steps) - 1

    def _atom(self, place: int, chars: frozenset[str]) -> int:
        """A place in front of it, because a place takes one atom at most."""
        front, behind = self._place(), self._place()
        self._steps[place].append((front, None))
        self._sets.append(chars)
        self._takes[front] = (len(self._sets) - 1, behind)
        return behind

    def _build(self, tree: Any, place: int, flags: int) -> int:
        for item in tree:
            place = self._build_item(item, place, flags)
        return place

    def _build_item(self, item: Any, place: int, flags: int) -> int:
        code, value = item
        if code in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
            return self._atom(place, self._matched(item, flags))
        if code in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            return self._repeat(*value, place, flags)
        if code is sre.SUBPATTERN:
            return self._build(value[3], place, (flags | value[1]) & ~value[2])
        if code is sre.ATOMIC_GROUP:
            return self._build(value, place, flags)
        if code is sre.BRANCH:
            behind = self._place()
            for branch in value[1]:
                begin = self._place()
                self._steps[place].append((begin, None))
                self._steps[self._build(branch, begin, flags)].append((behind, None))
            return behind
        return self._condition(item, place, flags)

    def _repeat(self, least: int, most: int, tree: Any, place: int, flags: int) -> int:
        for _time in range(min(least, 2)):
            place = self._build(tree, place, flags)
        if most is sre.MAXREPEAT or most >= LOOP:
            begin, behind = self._place(), self._place()
            self._steps[place].append((begin, None))
            self._steps[self._build(tree, begin, flags)].append((begin, None))
            self._steps[begin].append((behind, None))
            return behind
        for _time in range(min(most - least, 2)):
            behind = self._place()
            self._steps[place].append((behind, None))
            self._steps[self._build(tree, place, flags)].append((behind, None))
            place = behind
        return place

    def _condition(self, item: Any, place: int, flags: int) -> int:
        """What takes no character; a reference back to a group is taken for nothing at all."""
        behind = self._place()
        code, value = item
        allowed: Any = None
        if code is sre.AT:
            allowed = self._anchor(value, flags)
        elif code in (sre.ASSERT, sre.ASSERT_NOT):
            if value[0] > 0:  # what is looked at ahead takes time as well, although nothing comes behind it
                self._ends.append(self._build(value[1], place, flags))
            allowed = self._beside(value[0], self._first(value[1], flags, code is sre.ASSERT_NOT), code is sre.ASSERT_NOT)
        self._steps[place].append((behind, allowed))
        return behind

    def _anchor(self, at: Any, flags: int) -> Any:
        word = self._matched((sre.IN, [(sre.CATEGORY, sre.CATEGORY_WORD)]), flags)
        self._conditions += [word, frozenset("\n")]
        if at is sre.AT_BOUNDARY:
            return lambda before, after: (before in word) != (after in word)
        if at is sre.AT_NON_BOUNDARY:
            return lambda before, after: (before in word) == (after in word)
        if at is sre.AT_BEGINNING and flags & re.MULTILINE:
            return lambda before, after: before in ("\n", NOTHING)
        if at in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
            return lambda before, after: before == NOTHING
        return (lambda before, after: after == "\n") if at is sre.AT_END else (lambda before, after: False)

    def _beside(self, direction: int, chars: Any, negated: bool) -> Any:
        if chars is None:
            return None
        self._conditions.append(chars)
        if direction > 0:
            return lambda before, after: (after in chars) != negated
        return lambda before, after: (before in chars) != negated

    def _first(self, tree: Any, flags: int, only_single: bool) -> Any:
        """The characters with which it may begin, or, to say what may not be there, which it is alone; None if not known."""
        branches = tree[0][1][1] if len(tree) == 1 and tree[0][0] is sre.BRANCH else [tree]
        found: frozenset[str] = frozenset()
        for branch in branches:
            first = branch[0] if len(branch) else None
            simple = first and first[0] in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY)
            if simple and (len(branch) == 1 or not only_single):
                found |= self._matched(first, flags)
            elif not only_single and not (first and first[0] is sre.AT and first[1] in (sre.AT_END, sre.AT_END_STRING)):
                return None
        return found

    def _matched(self, item: Any, flags: int) -> frozenset[str]:
        state = _parser.State()
        state.flags = flags
        one = _compiler.compile(_parser.SubPattern(state, [item]), flags)
        return frozenset(char for char in self._all if one.fullmatch(char.encode() if self.is_bytes else char))

    # -- from places to states -------------------------------------------------------------------------------------------

    def _classes(self) -> list[str]:
        """One character of each kind."""
        kinds: dict[tuple[bool, ...], str] = {}
        for char in self._all:
            kinds.setdefault(tuple(char in chars for chars in self._sets + self._conditions), char)
        return list(kinds.values())

    def _edges(self, begin: int) -> dict[int, list[Edge]]:
        """From each atom, and from -1, the beginning, to each that may come next; twice if there are two ways to go there."""
        behind = dict(self._takes.values())
        return {atom: list(self._next(place, atom, None, ())) for atom, place in [(-1, begin), *behind.items()]}

    def _next(self, place: int, atom: int, pairs: Pairs, passed: tuple[tuple[int, int], ...]) -> Iterator[Edge]:
        if place in self._takes:
            to = self._takes[place][0]
            before = [NOTHING] if atom < 0 else [char for char in self.classes if char in self._sets[atom]]
            after = [char for char in self.classes if char in self._sets[to]]
            possible = frozenset((one, other) for one in before for other in after)
            yield Edge(to, possible if pairs is None else possible & pairs)
        for step, allowed in self._steps[place]:
            if (place, step) not in passed:
                yield from self._next(step, atom, self._both(pairs, allowed), (*passed, (place, step)))

    def _both(self, pairs: Pairs, allowed: Any) -> Pairs:
        if allowed is None:
            return pairs
        known = ((one, other) for one in [NOTHING, *self.classes] for other in self.classes) if pairs is None else pairs
        return frozenset(pair for pair in known if allowed(*pair))

    def _ends_behind(self, place: int, passed: set[int]) -> bool:
        """Whether the expression may end there."""
        passed.add(place)
        steps = [step for step, _allowed in self._steps[place] if step not in passed]
        return place in self._ends or any(self._ends_behind(step, passed) for step in steps)

    def _ways(self) -> dict[tuple[int, str], list[tuple[int, str]]]:
        ways: dict[tuple[int, str], list[tuple[int, str]]] = {}
        for atom, edges in self.edges.items():
            for to, pairs in edges:
                for before, after in sorted(pairs):
                    ways.setdefault((atom, before), []).append((to, after))
        return ways
