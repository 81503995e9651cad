# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the members of a stack of switches say of themselves. Pure: the facts of one device -> names and sentences.

One switch of a stack answers for all of them. Each boots by itself, with a boot list and a flash of its own.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, NamedTuple, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import outcome

Facts = Dict[str, Any]
Boot = Optional[Dict[str, Any]]

_ABSENT = re.compile(r"provisioned", re.IGNORECASE)  # a place in the stack that is kept for a switch
_READY = re.compile(r"ready", re.IGNORECASE)
_OWN_FLASH = {"flash:", "bootflash:"}
_FLASH_OF_MEMBER = re.compile(
    r"(?:(?:stby-|slave(?:sup-)?)(?:bootdisk|(?:boot)?flash)|(?:boot)?flash-?[1-9](?:-[01])?):", re.IGNORECASE
)
_OUTSIDE = re.compile(r"mismatch|invalid", re.IGNORECASE)


class Trouble(NamedTuple):
    """What is not as it should be with a member, and whether it is outside of the stack because of that."""

    what: str
    outside: bool


def answering(version: Optional[dict[str, Any]]) -> Optional[str]:
    """The number of the switch that answers, None for a device that shows no table of switches."""
    return next((one["switch"] for one in (version or {}).get("members") or [] if one["active"]), None)


def of_answering(boot: Boot, version: Optional[dict[str, Any]]) -> Boot:
    """What a device boots: of a stack, the switch that answers, whichever is listed first."""
    number = answering(version)
    own = next((one for one in (boot or {}).get("members") or [] if number and one["member"] == number), None)
    return dict(boot or {}, images=own["images"], manual_boot=own["manual_boot"]) if own else boot


def waiting(facts: Facts) -> list[str]:
    """The members that wait in their boot loader at the next reload, by name."""
    return [_name(one["member"], facts) for one in _boots(facts) if one["manual_boot"]]


def register_of_standby(facts: Facts) -> Optional[str]:
    """The configuration register with which the standby supervisor reloads."""
    return next((one.get("config_register") for one in _boots(facts) if one["member"] == "standby"), None)


def troubles(facts: Facts) -> list[Trouble]:
    """What keeps the members of a stack from being one, the worst first."""
    found = [*_states(facts), *_versions(facts), *_boot_lists(facts)]
    return sorted(found, key=lambda trouble: not trouble.outside)


def flashes(filesystems: Optional[list[dict[str, Any]]]) -> dict[str, int]:
    """How much is free on the flash of each other member, by its name: C(flash2:), C(flash-2:), C(stby-bootflash:) or
    C(slavebootflash:)."""
    others = [one for one in filesystems or [] if one["free"] is not None and not _OWN_FLASH.intersection(one["prefixes"])]
    named = [(list(filter(_FLASH_OF_MEMBER.fullmatch, one["prefixes"])), one["free"]) for one in others]
    return {names[0]: free for names, free in named if names}


def is_stack(facts: Facts) -> bool:
    """Whether more than one switch is seen."""
    return any(len(rows) > 1 for rows in (_members(facts), _boots(facts), facts.get("switches") or []))


def _states(facts: Facts) -> Iterator[Trouble]:
    for one in facts.get("switches") or []:
        if not (_READY.fullmatch(one["state"]) or _ABSENT.match(one["state"])):
            what = "Switch %s is in the state %s, not Ready." % (one["switch"], one["state"])
            yield Trouble(what, bool(_OUTSIDE.search(one["state"])))


def _versions(facts: Facts) -> Iterator[Trouble]:
    """Members that run something else than the one that answers."""
    members = _members(facts)
    for own in [one for one in members if one["active"]][:1]:
        for one in members:
            names = one["switch"], own["switch"]
            if not outcome.same_version(one["version"], own["version"]):
                what = "Switch %s runs %s, and switch %s, which answers, runs %s."
                yield Trouble(what % (names[0], one["version"], names[1], own["version"]), False)
            elif one["mode"] != own["mode"]:
                what = "Switch %s runs in the mode %s, and switch %s, which answers, in %s."
                yield Trouble(what % (names[0], one["mode"], names[1], own["mode"]), False)


def _boot_lists(facts: Facts) -> Iterator[Trouble]:
    """Members that boot something else than the one that answers."""
    own = _named((facts["boot"] or {}).get("images"))
    for one in _boots(facts):
        if _named(one["images"]) != own:
            name = _name(one["member"], facts)
            listed = ", ".join(one["images"]) or "no image"
            what = "The boot list of %s names %s, unlike that of the switch that answers." % (name, listed)
            yield Trouble(what, False)


def _named(images: Optional[list[str]]) -> list[str]:
    return [outcome.base_name(image) for image in images or []]


def _name(member: Optional[str], facts: Facts) -> str:
    """``switch 2``, also for the one that answers and for the standby, if the device says which those are."""
    number = member or answering(facts["version"])
    if number == "standby":
        standby = (one["switch"] for one in facts.get("switches") or [] if one["role"].lower() == "standby")
        number = next(standby, None)
        return "switch %s" % number if number else "the standby"
    return "switch %s" % number if number else "the switch that answers"


def _members(facts: Facts) -> list[dict[str, Any]]:
    return (facts["version"] or {}).get("members") or []


def _boots(facts: Facts) -> list[dict[str, Any]]:
    return (facts["boot"] or {}).get("members") or []
