# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts on which an expression may take long, made of the expression itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from .automaton import Automaton
from .patterns import ANCHORED, Used
from .pumps import Loops

# One of these is what the expression does not end in.
_TAILS = ("", "\x00", "\n")


def automaton(used: Used) -> Automaton:
    """The automaton of an expression in the way in which it is used."""
    return Automaton(used.pattern, searching=used.method not in ANCHORED)


def pumped(loops: Loops) -> Iterator[tuple[str, str, str]]:
    """A head, a unit to repeat, and a tail, of what can be gone through in several ways."""
    for pump in loops.pumps():
        yield from ((pump.head, pump.unit, tail) for tail in dict.fromkeys([*_TAILS, pump.tail, pump.tail + "\x00"]))


def simple(loops: Loops) -> Iterator[tuple[str, str, str]]:
    """The same for each loop by itself, and each character that it takes."""
    for (atom, char), head in loops.heads.items():
        if atom in loops.atoms:
            yield from ((head, char, tail) for tail in _TAILS[:2])


def text(parts: tuple[str, str, str], is_bytes: bool, times: int) -> Any:
    """The text of an attack with its unit so many times."""
    head, unit, tail = parts
    whole = head + unit * times + tail
    return whole.encode() if is_bytes else whole


def call(used: Used) -> Any:
    """What reads a text with the expression."""
    method = getattr(used.pattern, used.method)
    if used.method in ("sub", "subn"):
        return partial(method, b"" if isinstance(used.pattern.pattern, bytes) else "")
    return (lambda text: list(method(text))) if used.method == "finditer" else method
