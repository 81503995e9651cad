# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How IOS understands a command line: keywords may be shortened, and errors point at a word.

A command is declared as a pattern, close to how a command reference prints it:

    cns image [server <server> [status <status>]]

`{a | b}` is a choice, `[a]` is optional, `[a | b]*` is any of them in any order and each once,
`<name:type>` is a value (see values.py), `~` marks from where on the `no` form may end early.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from os.path import commonprefix
from typing import Any, Iterator

from .values import read_value, value_help

_PATTERN_TOKEN = re.compile(r"\]\*|[\[\]{}|~]|<[^<>]+>|[^\s\[\]{}|~<>]+")
_WORD = re.compile(r"\S+")


class CliError(Exception):
    """The device refuses a line; `text` is what it prints."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotUnderstood(CliError):
    """The line is no command."""


class InvalidInput(NotUnderstood):
    """The line stops making sense at column `position`."""

    def __init__(self, position: int) -> None:
        super().__init__("% Invalid input detected at '^' marker.\n")
        self.position = position


class IncompleteCommand(NotUnderstood):
    def __init__(self) -> None:
        super().__init__("% Incomplete command.\n")


class AmbiguousCommand(NotUnderstood):
    def __init__(self, line: str) -> None:
        super().__init__(f'% Ambiguous command:  "{line}"')


@dataclass(frozen=True)
class Match:
    """A line that was understood: its keywords in full, its values by name, and the line as typed."""

    words: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    line: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def has(self, word: str) -> bool:
        return word in self.words

    def one_of(self, *words: str) -> str:
        """The one of these keywords that was typed; empty if none was."""
        return next((word for word in words if word in self.words), "")


@dataclass(eq=False)
class _Edge:
    name: str
    type: str | None  # None: a keyword
    target: _State
    once: bool

    def follow(self, match: Match, value: Any) -> Match:
        if self.type is None:
            return replace(match, words=(*match.words, self.name))
        return replace(match, values={**match.values, self.name: value})

    def open_to(self, match: Match) -> bool:
        return not (self.once and (self.name in match.words or self.name in match.values))


class _State:
    __slots__ = ("_closure", "accepts", "edges", "jumps")

    def __init__(self) -> None:
        self.edges: list[_Edge] = []
        self.jumps: list[_State] = []
        self.accepts: Any = None
        self._closure: list[_State] | None = None

    def closure(self) -> list[_State]:
        """This state and all that are reached without typing anything."""
        if self._closure is None:
            seen = [self]
            for state in seen:
                seen.extend(jump for jump in state.jumps if jump not in seen)
            self._closure = seen
        return self._closure


class _Compiler:
    """Adds one pattern to a grammar."""

    def __init__(self, pattern: str, accepts: Any, negated: bool) -> None:
        self._tokens = _PATTERN_TOKEN.findall(pattern)
        self._accepts = accepts
        self._negated = negated
        self._past_mark = False

    def add_to(self, start: _State) -> None:
        end = self._sequence(start, once=False)
        if self._tokens:
            raise ValueError(f"unbalanced pattern near {self._tokens}")
        self._accept(end)

    def _accept(self, state: _State) -> None:
        if state.accepts not in (None, self._accepts):
            raise ValueError("two commands accept the same line")
        state.accepts = self._accepts

    def _sequence(self, state: _State, once: bool) -> _State:
        """Walk to the end of this branch. `once` holds for its first word only."""
        while self._tokens and self._tokens[0] not in ("|", "]", "}", "]*"):
            token = self._tokens.pop(0)
            if token == "~":
                self._past_mark = self._negated
            elif token in "[{":
                state = self._branches(state)
            else:
                state, once = self._step(state, token, once), False
            if self._past_mark:
                self._accept(state)
        return state

    def _branches(self, start: _State) -> _State:
        end, loop = _State(), _State()
        repeated = self._is_repeated()
        if repeated:
            start.jumps.append(loop)
        inner = loop if repeated else start
        while True:
            self._sequence(inner, once=repeated).jumps.append(inner if repeated else end)
            closing = self._tokens.pop(0)
            if closing != "|":
                break
        if repeated:
            return loop
        if closing == "]":
            start.jumps.append(end)
        return end

    def _is_repeated(self) -> bool:
        depth = 1
        for token in self._tokens:
            depth += (token in "[{") - (token in ("]", "}", "]*"))
            if depth == 0:
                return token == "]*"
        raise ValueError("unbalanced pattern")

    @staticmethod
    def _step(state: _State, token: str, once: bool) -> _State:
        name, value_type = token, None
        if token.startswith("<"):
            name, _colon, kind = token.strip("<>").partition(":")
            value_type = kind or "word"
        for edge in state.edges:
            if (edge.name, edge.type, edge.once) == (name, value_type, once):
                return edge.target
        state.edges.append(_Edge(name, value_type, _State(), once))
        return state.edges[-1].target


_Thread = tuple[_State, Match]


class Grammar:
    """All commands of one mode."""

    def __init__(self) -> None:
        self._root = _State()

    def add(self, pattern: str, accepts: Any, negated: bool = False) -> None:
        """Add a command. `negated` compiles its `no` form, where `~` allows an early end."""
        _Compiler(f"no {pattern}" if negated else pattern, accepts, negated).add_to(self._root)

    def parse(self, line: str) -> tuple[Any, Match]:
        """What was declared for this line, and its match. CliError when the device would refuse it."""
        threads: list[_Thread] = [(self._root, Match(line=line))]
        for word in _WORD.finditer(line):
            threads, finished = self._advance(threads, word, line)
            if finished:
                break
        for state, match in _spread(threads):
            if state.accepts is not None:
                return state.accepts, match
        raise IncompleteCommand

    def complete(self, line: str) -> list[tuple[str, str]]:
        """What may follow, for `?`: (word, help) pairs. A line that ends in a blank asks for the next word."""
        words = list(_WORD.finditer(line))
        begun = "" if not words or line.endswith(" ") else words.pop().group()
        threads: list[_Thread] = [(self._root, Match(line=line))]
        for word in words:
            threads, _finished = self._advance(threads, word, line)
        found = {}
        for edge, _match in _edges(threads):
            if edge.type is None and edge.name.startswith(begun.lower()):
                found[edge.name] = ""
            elif edge.type is not None and not begun:
                found[value_help(edge.type)] = edge.name
        if not begun and any(state.accepts is not None for state, _match in _spread(threads)):
            found["<cr>"] = ""
        return sorted(found.items())

    def _advance(self, threads: list[_Thread], word: re.Match, line: str) -> tuple[list[_Thread], bool]:
        text, keyword = word.group(), word.group().lower()
        edges = list(_edges(threads))
        candidates = {edge.name for edge, _match in edges if edge.type is None and edge.name.startswith(keyword)}
        if keyword in candidates:
            candidates = {keyword}
        if len(candidates) > 1:
            raise AmbiguousCommand(line)
        if candidates:
            chosen = candidates.pop()
            return [(e.target, e.follow(m, None)) for e, m in edges if e.type is None and e.name == chosen], False
        reached, finished = [], False
        for edge, match in edges:
            if edge.type == "line":
                reached.append((edge.target, edge.follow(match, line[word.start() :].rstrip())))
                finished = True
            elif edge.type and (value := read_value(edge.type, text)) is not None:
                reached.append((edge.target, edge.follow(match, value)))
        if not reached:
            shared = (len(commonprefix([edge.name, keyword])) for edge, _match in edges if edge.type is None)
            raise InvalidInput(word.start() + max(shared, default=0))
        return reached, finished


def _spread(threads: list[_Thread]) -> Iterator[_Thread]:
    for state, match in threads:
        for reached in state.closure():
            yield reached, match


def _edges(threads: list[_Thread]) -> Iterator[tuple[_Edge, Match]]:
    for state, match in _spread(threads):
        for edge in state.edges:
            if edge.open_to(match):
                yield edge, match
