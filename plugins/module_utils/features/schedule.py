# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(cns image retrieve) under Command Scheduler: a policy list that holds it and an occurrence that runs the list."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Tuple

from ansible_collections.cns.image_agent.plugins.module_utils import long_lines
from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.features.feature import (
    Config,
    Feature,
    Lines,
    Options,
    Reading,
    Slot,
    Slots,
)

_Sections = Dict[str, Tuple[str, List[str]]]  # {name: (the rest of its first line, its other lines)}

_RETRIEVES = "cli cns image retrieve"
_COMMAND = re.compile(r"^cli cns image retrieve(?: server (\S+))?(?: status (\S+))?$")
_NO_SECTION: tuple[str, list[str]] = ("", [])
_NOTHING: Config = dict(server=None, status=None, at=None, every=None, recurring=None)
MOST_LISTS = 31  # policy lists that a device schedules at once

_AT = re.compile(r"^\d{1,2}:\d{2}(?: (?:[A-Za-z]{3,9} )?\d{1,2})?(?: [A-Za-z]{3,9})?$", re.A)
_EVERY = re.compile(r"^(?:(?:\d{1,3}:)?\d{1,2}:)?\d{1,5}$", re.A)


class Schedule(Feature):
    """C(cns image retrieve) under Command Scheduler."""

    name = "schedule"
    lists = {"schedules": ("name",)}
    whole_entries = True
    stands_alone = True
    unknown_stays = True

    def options(self) -> Options:
        """The argument spec of one schedule."""
        return dict(
            name=dict(type="str", default="cns-image"),
            server=dict(type="str"),
            status=dict(type="str"),
            at=dict(type="str"),
            every=dict(type="str"),
            recurring=dict(type="bool"),
        )

    def normalise(self, want: Config) -> Config:
        """Check each schedule: its words, and that it says when."""
        return {"schedules": [_normalise_one(schedule) for schedule in want["schedules"]]}

    def parse(self, lines: Lines) -> Reading:
        """Lines of the kron sections -> Reading of the schedules that consist of C(cns image retrieve) alone.

        Any other that retrieves is one of which nothing is known but that; what does not retrieve is not understood.
        """
        policies, occurrences = _sections(lines)
        schedules: list[Config] = []
        shown: dict[Any, list[str]] = {}
        unparsed: list[str] = []
        for name in dict.fromkeys([*occurrences, *policies]):
            entry, printed = _understood(name, policies, occurrences), _printed(name, policies, occurrences)
            if not entry and not any(line.startswith(_RETRIEVES) for line in policies.get(name, _NO_SECTION)[1]):
                unparsed += printed.values()
                continue
            schedules.append(entry or dict(_NOTHING, name=name, unknown=list(printed.values())))
            shown.update({kind: [line.split("; ")[0] if entry else line] for kind, line in printed.items()})
        return Reading({"schedules": schedules}, shown, unparsed)

    def read(self, lines: Lines) -> Reading:
        """The same: a line that is too long stays in its section, which is not understood then."""
        return self.parse(lines)

    def settle(self, config: Config) -> Config:
        """The schedules as they are."""
        return {"schedules": list(config.get("schedules") or [])}

    def slots(self, config: Config) -> Slots:
        """Two blocks for each schedule, the policy list first because the occurrence names it."""
        lines = {}
        for schedule in config.get("schedules") or []:
            name = schedule["name"]
            if schedule.get("unknown"):
                lines.update(_kept(name, schedule["unknown"]))
                continue
            command = ["cli cns image retrieve"]
            for option in ("server", "status"):
                command += [option, schedule[option]] if schedule[option] else []
            when = ["at", schedule["at"]] if schedule["at"] else ["in", schedule["every"]]
            when.append("recurring" if schedule["recurring"] else "oneshot")
            lines[("policy", name)] = Slot("kron policy-list %s\n %s" % (name, " ".join(command)), tuple(command))
            lines[("occurrence", name)] = Slot(
                "kron occurrence %s %s\n policy-list %s" % (name, " ".join(when), name), " ".join(when)
            )
        return lines

    def negate(self, slot: Any, shown: list[str], old: Any, new: Any) -> list[str]:
        """A block goes by its name alone."""
        kind, name = slot
        return ["no kron %s %s" % ("policy-list" if kind == "policy" else "occurrence", name)]


def _kept(name: str, sections: list[str]) -> Slots:
    """The slots of a schedule that is not understood: no other is like it, and it goes as every one does."""
    kinds = {section.split()[1]: section for section in sections}
    slots = {("policy" if kind == "policy-list" else kind, name): section for kind, section in kinds.items()}
    return {slot: Slot(section, section, tuple(section.split())) for slot, section in slots.items()}


def _understood(name: str, policies: _Sections, occurrences: _Sections) -> Config | None:
    """The schedule of a name; None where there is none, or where it has more to it than an option says."""
    head, body = occurrences.get(name, _NO_SECTION)
    condition, commands = policies.get(name, _NO_SECTION)
    if condition or long_lines.is_long(head):
        return None
    command = _command(commands)
    when = re.match(r"^(at|in) (.+) (oneshot|recurring)$", head)
    if not (command and when and body == ["policy-list " + name]):
        return None
    kind, moment, repeat = when.groups()
    return {
        "name": name,
        "server": command.group(1),
        "status": command.group(2),
        "at": _at(moment) if kind == "at" else None,
        "every": _every(moment) if kind == "in" else None,
        "recurring": repeat == "recurring",
    }


def _has_run(name: str, policies: _Sections, occurrences: _Sections) -> bool:
    """Whether all that is left of a schedule is its command: an occurrence that was to run once disappears."""
    condition, commands = policies.get(name, _NO_SECTION)
    used = any("policy-list " + name in body for _head, body in occurrences.values())
    return not condition and not used and name not in occurrences and bool(_command(commands))


def _command(commands: list[str]) -> re.Match[str] | None:
    """The one command of a list that retrieves, and does nothing else."""
    return _COMMAND.match(commands[0]) if len(commands) == 1 and not long_lines.is_long(commands[0]) else None


def _printed(name: str, policies: _Sections, occurrences: _Sections) -> dict[tuple[str, str], str]:
    """Each section of a name as one line."""
    kinds = (("policy", "policy-list", policies), ("occurrence", "occurrence", occurrences))
    return {
        (kind, name): "; ".join([" ".join(["kron", keyword, name, *sections[name][0].split()]), *sections[name][1]])
        for kind, keyword, sections in kinds
        if name in sections
    }


def _normalise_one(schedule: Config) -> Config:
    checked: Config = {"name": cli.word("name", schedule["name"])}
    for option in ("server", "status"):
        checked[option] = cli.word(option, schedule[option]) if schedule.get(option) else None
    if checked["status"] and not checked["server"]:
        raise InputError("status is given without server: on the device a status URL belongs to a server URL.")
    if bool(schedule.get("at")) == bool(schedule.get("every")):
        raise InputError("Schedule %s needs either at or every: when to run." % checked["name"])
    for option, pattern, spell in (("at", _AT, _at), ("every", _EVERY, _every)):
        value = " ".join(schedule[option].split()) if schedule.get(option) else None
        if value and not pattern.match(value):
            raise InputError(
                "%s is %r, which is not the form that the documentation of %s gives. "
                "In YAML a time needs quotes: 23:30 without them is the number 1410." % (option, value, option)
            )
        checked[option] = spell(value) if value else None
    recurring = schedule.get("recurring")
    checked["recurring"] = bool(checked["every"]) if recurring is None else recurring
    return checked


def _at(text: str) -> str:
    """Spell a time of day and its date in one way, of those that a device takes and shows: ``2:15 sun``."""
    if not _AT.match(text):
        return text
    time, *date = text.split()
    hour, minute = time.split(":")
    date = [str(int(word)) if re.match("[0-9]", word) else word.lower()[:3] for word in date]
    return " ".join(["%d:%s" % (int(hour), minute), *date])


def _every(text: str) -> str:
    """The same for an interval: ``90`` and ``1:30``, ``6:00`` and what a device may make of it, ``6:0``."""
    if not _EVERY.match(text):
        return text
    days, hours, minutes = [0, 0, *map(int, text.split(":"))][-3:]
    hours, minutes = hours + minutes // 60, minutes % 60
    days, hours = days + hours // 24, hours % 24
    if days:
        return "%d:%02d:%02d" % (days, hours, minutes)
    return "%d:%02d" % (hours, minutes) if hours else "%d" % minutes


def of_name(lines: Lines, name: str) -> list[str]:
    """The lines of the sections of one name."""
    own, inside = [], False
    for line in lines:
        words = line.split()
        if not line.startswith(" "):
            inside = words[:2] in (["kron", "policy-list"], ["kron", "occurrence"]) and words[2:3] == [name]
        own += [line] if inside else []
    return own


def _sections(lines: Lines) -> tuple[_Sections, _Sections]:
    """The policy lists, with their commands, and the occurrences, with their lists."""
    policies: _Sections = {}
    occurrences: _Sections = {}
    inside = None
    for line in lines:
        words = line.split()
        if words[:2] == ["kron", "policy-list"] and len(words) > 2:
            inside = policies.setdefault(words[2], (" ".join(words[3:]), []))[1]
        elif words[:2] == ["kron", "occurrence"] and len(words) > 2:
            inside = []
            occurrences[words[2]] = (" ".join(words[3:]), inside)
        elif line.startswith(" ") and inside is not None:
            inside.append(" ".join(words))
        else:
            inside = None
    return policies, occurrences


def check_room(lines: Lines, name: str) -> None:
    """Raise InputError where the device has no room for a schedule ``name``, or other commands under that name."""
    policies, occurrences = _sections(lines)
    if _understood(name, policies, occurrences) or _has_run(name, policies, occurrences):
        return
    if name in policies or name in occurrences:
        raise InputError(
            "The device has a kron policy list or occurrence %s with other content, which replacing would lose. "
            "Choose another name. Nothing was sent." % name
        )
    if len(policies) >= MOST_LISTS:
        raise InputError(
            "The device has %d kron policy lists, and schedules %d at most. Nothing was sent." % (len(policies), MOST_LISTS)
        )
