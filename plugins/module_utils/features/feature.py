# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a CNS feature is: how its lines are read and written. All of it is pure."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, NamedTuple, Sequence

from ansible_collections.cns.image_agent.plugins.module_utils import long_lines

Config = Dict[str, Any]  # the configuration of one feature, as in the C(config) of its module
Options = Dict[str, Dict[str, Any]]  # an argument spec
Lines = Iterable[str]  # of a running configuration


class Reading(NamedTuple):
    """What a device has: ``config``, and per slot the lines it ``shown`` (removal repeats them as printed).

    Lines that begin as those of the feature, and say what it does not understand, are ``unparsed``.
    """

    config: Config
    shown: dict[Any, list[str]]
    unparsed: Sequence[str] = ()


class Slot(NamedTuple):
    """One line of configuration (or a block of them), and the value by which two spellings of it are compared.

    ``unknown`` are the words of it that only the device understands.
    """

    line: str
    value: Any
    unknown: tuple[str, ...] = ()


Slots = Dict[Any, Slot]  # by a name that is unique within the feature


class Feature:
    """One feature, with what most of them have in common."""

    name: str  # its key in the C(config) of M(cns.image_agent.cns_agents)
    lists: dict[str, tuple[str, ...]] = {}  # its list options, and the fields that identify an entry of each
    one_line = False  # whether all of it stands on one line, which can only be removed as a whole
    whole_entries = False  # whether an entry of a list replaces the one the device has, or adds to it
    stands_alone = False  # whether a new line would stand beside the old one, or be refused because of it

    unknown_stays = False  # whether a line that is not understood is somebody else's, whatever the state

    def options(self) -> Options:
        """The argument spec of its configuration."""
        raise NotImplementedError

    def normalise(self, want: Config) -> Config:
        """What the user gave, checked and in canonical spelling. Raises InputError."""
        raise NotImplementedError

    def parse(self, lines: Lines) -> Reading:
        """What the lines of a running configuration say of it."""
        raise NotImplementedError

    def read(self, lines: Lines) -> Reading:
        """The same, with the lines that are too long to be read: whose they are is told by how they begin."""
        lines = list(lines)
        reading = self.parse(long_lines.short(lines))
        return reading._replace(unparsed=[*reading.unparsed, *filter(self._owns, long_lines.long(lines))])

    def _owns(self, line: str) -> bool:
        reading = self.parse([long_lines.beginning(line)])
        return bool(reading.shown or reading.unparsed)

    def settle(self, config: Config) -> Config:
        """The configuration with all keys present and dependent settings made consistent."""
        raise NotImplementedError

    def slots(self, config: Config) -> Slots:
        """The lines that a configuration stands for, in the order in which they are to be sent."""
        raise NotImplementedError

    def check(self, config: Config) -> None:
        """Raise InputError if settings that depend on each other do not fit."""

    def plain(self, config: Config) -> Config:
        """A settled configuration with null for what is the default anyway: devices leave that out, whoever gave it."""
        return config

    def default(self, slot: Any) -> Any:  # pylint: disable=unused-argument
        """The value that a slot has when the device shows no line for it."""
        return None

    def overwrites(self, slot: Any, old: Any, new: Any) -> bool:  # pylint: disable=unused-argument
        """Whether sending the new line is enough, or the old one has to be removed first."""
        return not self.stands_alone

    def negate(self, slot: Any, shown: list[str], old: Any, new: Any) -> list[str]:  # pylint: disable=unused-argument
        """The lines that remove a slot, usually what is shown, after C(no)."""
        return ["no " + line for line in shown]


def superseded(shown: dict[Any, list[str]], slot: Any, line: str) -> list[str]:
    """The line of a slot so far, if ``line`` is another one: a slot holds one line, and none may be lost."""
    return [earlier for earlier in shown.get(slot, []) if earlier != line]


def words_after(command: str, lines: Lines) -> Iterator[tuple[str, list[str]]]:
    """Yield ``(line, words)`` for each line of ``command``: the words that follow it."""
    head = command.split()
    for line in lines:
        words = line.split()
        if words[: len(head)] == head:
            yield " ".join(words), words[len(head) :]
