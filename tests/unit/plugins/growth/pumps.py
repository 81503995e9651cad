# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that an expression can go through in more ways the longer they are. Pure.

If a piece of text leads from a loop back to it, and also to another loop, and there also back to it, then each repetition of
the piece is one more place at which the expression may change from one loop to the other: the matcher tries them all, and
its time grows with the square of the length. If a piece leads from a loop back to it in two ways, the time doubles with each.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple, Optional

from .automaton import NOTHING, Automaton

_FEW = 2
_MOST = 30_000  # states that are searched for one pump


class Pump(NamedTuple):
    """``head`` leads to a loop, ``unit`` can be repeated there in two ways, and ``tail`` leads to the end."""

    head: str
    unit: str
    tail: str
    exponential: bool


class Loops:
    """What can be repeated in an expression."""

    def __init__(self, automaton: Automaton) -> None:
        self._ways = automaton.ways
        self._last = automaton.last
        self._reach = _reach(automaton)
        ends = {char for atom, char in self._ways if atom in self._last}
        self._calm = {char for _atom, char in self._ways} - ends  # what does not bring the expression to its end
        self.heads = _texts([(-1, NOTHING)], self._after)  # the shortest text to each atom, and the character that it takes
        self.atoms = sorted(atom for atom in self._reach if atom in self._reach[atom])

    def _after(self, state: tuple[int, str]) -> Iterable[tuple[int, str]]:
        return sorted(self._ways.get(state, ()), key=lambda way: way[1] not in self._calm)

    def pumps(self) -> Iterator[Pump]:
        """A pump for each loop, or two of them, that can be gone through in several ways."""
        for one in self.atoms:
            group = self._group(one)
            if one == min(group):
                yield from self._pump(one, one, partial(self._twice, one, group))
            for other in sorted(self._reach[one].intersection(self.atoms) - group):
                yield from self._pump(one, other, partial(self._both, one, group, other, self._group(other)))

    def _group(self, atom: int) -> set[int]:
        """The atoms of the loop in which one is."""
        return {other for other in self._reach[atom] if atom in self._reach[other]}

    def _pump(self, one: int, other: int, unit_of: Callable[[str], Optional[str]]) -> Iterator[Pump]:
        """For a few characters that may begin it; first those of which the expression cannot make a whole."""
        starts = [(char, head) for (atom, char), head in self.heads.items() if atom == one]
        found = ((char, head, unit_of(char)) for char, head in sorted(starts, key=lambda start: start[0] not in self._calm))
        for char, head, unit in itertools.islice(((*start, unit) for *start, unit in found if unit), _FEW):
            yield Pump(head, unit, self._tail(other, char), one == other)

    def _tail(self, atom: int, char: str) -> str:
        texts = _texts([(atom, char)], self._after)
        return next((text for (at, _char), text in texts.items() if at in self._last), "")

    def _twice(self, atom: int, group: set[int], char: str) -> Optional[str]:
        """What leads from an atom back to it in two ways."""

        def steps(state: Any) -> Iterator[Any]:
            one, other, differ, before = state
            for first, (to, after) in enumerate(self._after((one, before))):
                for second, (to_other, after_other) in enumerate(self._after((other, before))):
                    if after == after_other and to in group and to_other in group:
                        yield to, to_other, differ or first != second, after

        return _texts([(atom, atom, False, char)], steps).get((atom, atom, True, char))

    def _both(self, one: int, group: set[int], other: int, others: set[int], char: str) -> Optional[str]:
        """What leads from an atom back to it, also to another one, and from that one back to it."""

        def steps(state: Any) -> Iterator[Any]:
            near, between, far, before = state
            nears = [way for way in self._after((near, before)) if way[0] in group]
            fars = [way for way in self._after((far, before)) if way[0] in others]
            for to, after in self._after((between, before)):
                if to == other or other in self._reach[to]:
                    ends = [to_far for to_far, after_far in fars if after_far == after]
                    yield from ((to_near, to, end, after) for to_near, after_near in nears if after_near == after for end in ends)

        return _texts([(one, one, other, char)], steps).get((one, other, other, char))


def _reach(automaton: Automaton) -> dict[int, set[int]]:
    """From each atom, those that come after it."""
    following = {atom: {edge.to for edge in edges if edge.pairs} for atom, edges in automaton.edges.items()}
    reach = {}
    for atom in following:
        found: set[int] = set()
        new = following[atom]
        while new:
            found |= new
            new = {after for one in new for after in following[one]} - found
        reach[atom] = found
    return reach


def _texts(begin: list[Any], steps: Callable[[Any], Iterable[Any]]) -> dict[Any, str]:
    """The shortest text to each state that can be reached; a state ends with the character that was taken."""
    texts = dict.fromkeys(begin, "")
    queue = collections.deque(begin)
    while queue and len(texts) < _MOST:
        state = queue.popleft()
        for step in steps(state):
            if step not in texts:
                texts[step] = texts[state] + step[-1]
                queue.append(step)
    return texts
