# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to send so that a device has what is wanted: (have, want, state) -> commands, after, diff. Pure.

Configurations are ``{feature name: config}``. A plan works on slots: each slot of a feature holds at most one line,
so a plan is, slot by slot, nothing, a new line, or the removal of the line that is shown.
"""

from __future__ import annotations

import collections
import re
from typing import Any, Iterable

from ansible_collections.cns.image_agent.plugins.module_utils import long_lines, secret
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.features import unknown
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import BY_NAME, SAFE_ORDER

Plan = collections.namedtuple("Plan", "commands before after warnings")
Plan.__doc__ = """``commands`` in the order to send them; ``before`` and ``after``: {feature name: config}."""

# Removed after everything else was sent: what the agents used to lean on.
_LEANED_ON = ("id", "trusted_server")


def read(lines: list[str], names: Iterable[str]) -> Any:
    """Lines of a running configuration -> ``{feature name: Reading}`` for the named features."""
    return {name: BY_NAME[name].read(lines) for name in names}


def plan(readings: Any, want: Any, state: str, update_password: str | None = "when_changed") -> Plan:
    """Return the Plan that takes a device from ``readings`` to ``want``.

    ``want`` is ``{feature name: config}``; a feature that is missing or None is not named by the user.
    ``state`` is merged, replaced, overridden or deleted. Raises InputError for values that cannot be used.
    """
    before = {name: unknown.whole(reading) for name, reading in readings.items()}
    warnings: list[str] = []
    after = {}
    for name, have in before.items():
        feature, wanted = BY_NAME[name], want.get(name)
        if wanted is not None and state != "deleted":
            wanted = _unmasked(have, feature.normalise(wanted))
        target = _target(feature, have, wanted, state, everything=all(config is None for config in want.values()))
        if wanted and state != "deleted":
            feature.check(target)
            target = _with_password(feature, have, target, wanted, update_password, warnings)
        after[name] = unknown.carry(target, feature.settle(target))
        if not any(_changes(feature, readings[name], after[name])):
            after[name] = have  # whatever the user's spelling and order
        warnings += unknown.sentences(feature, readings[name], after[name])
    return Plan(_sendable(_commands(readings, after)), before, after, warnings)


def _sendable(commands: list[str]) -> list[str]:
    """What a device shows goes back to it in the lines that remove it: it must not act on the command line."""
    for command in commands:
        if long_lines.is_long(command) or not re.fullmatch("[ -~]*", command) or "?" in command:
            raise InputError(
                "a line on the device is too long, or has characters that cannot be sent to it: %r. Change that line on the "
                "device itself. Nothing was sent." % command
            )
    return commands


def _unmasked(have: Any, want: Any) -> Any:
    """Give masked secrets back their value; one that the device does not have cannot be sent."""
    unmasked = secret.keep_masked(have, want)
    if secret.is_masked(unmasked):
        raise InputError(
            "a secret is given as %s, which stands for the one on the device, but the device has another value there, "
            "or none. Nothing was sent." % secret.MASK
        )
    return unmasked


def _target(feature: Any, have: Any, wanted: Any, state: str, everything: bool) -> Any:
    if state == "deleted":
        if wanted is None:
            return {} if everything else have
        return _delete(feature, have, wanted) if wanted else {}
    if wanted is None:
        return {} if state == "overridden" else have
    return _merge(feature, have, wanted) if state == "merged" else wanted


def _merge(feature: Any, have: Any, wanted: Any) -> Any:
    merged = dict(have)
    for option, value in wanted.items():
        if value is None:
            continue
        if option in feature.lists:
            merged[option] = _merge_list(have[option], value, feature.lists[option], feature.whole_entries)
        elif isinstance(value, dict):
            merged[option] = dict(have.get(option) or {}, **_given(value))
        else:
            merged[option] = value
    return merged


def _merge_list(have: Any, want: Any, fields: tuple[str, ...], whole: bool) -> list[Any]:
    """``whole``: an entry replaces the one of its name; otherwise what it does not say stays."""
    entries = {_key(entry, fields): entry for entry in have}
    for entry in want:
        known = entries.get(_key(entry, fields), {})
        entries[_key(entry, fields)] = entry if whole else dict(known, **_given(entry))
    return list(entries.values())


def _delete(feature: Any, have: Any, named: dict[str, Any]) -> Any:
    """Only the names count: values need not be complete, nor those of the device."""
    if feature.one_line:
        return {}
    kept = dict(have)
    for option, value in _given(named).items():
        if option in feature.lists:
            fields = feature.lists[option]
            gone = {_key(entry, fields) for entry in value}
            kept[option] = [entry for entry in have[option] if _key(entry, fields) not in gone]
        else:
            kept[option] = False if isinstance(have[option], bool) else None
    return kept


def _given(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None}


def _key(entry: dict[str, Any], fields: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(entry[field] for field in fields)


def _with_password(feature: Any, have: Any, target: Any, wanted: Any, update_password: str | None, warnings: list[str]) -> Any:
    """Decide about a password: one that the device hides cannot be compared, so it stays unless asked for."""
    new, old = wanted.get("password"), have.get("password")
    if not new or new is secret.HIDDEN:
        return target
    if update_password == "on_create" and unknown.slots(feature, have):
        return dict(target, password=old)
    if old is secret.HIDDEN and update_password != "always":
        warnings.append(
            "The device hides its %s password, so it is unknown whether it is the one given. It was left as it is; "
            "use update_password: always to send it." % feature.name
        )
        return dict(target, password=old)
    return target


def _commands(readings: Any, after: dict[str, Any]) -> list[str]:
    """Agents off before their gateways go; then what is new, in the safe order; last what agents leaned on."""
    changes = {name: _changes(BY_NAME[name], readings[name], after[name]) for name in after}
    ordered = [feature.name for feature in SAFE_ORDER if feature.name in changes]
    first = [name for name in reversed(ordered) if name not in _LEANED_ON]
    last = [name for name in reversed(ordered) if name in _LEANED_ON]
    return (
        [line for name in first for line in changes[name].removals]
        + [line for name in ordered for line in changes[name].additions]
        + [line for name in last for line in changes[name].removals]
    )


_Changes = collections.namedtuple("_Changes", "removals additions")


def _changes(feature: Any, reading: Any, target: Any) -> _Changes:
    have, want = unknown.slots(feature, unknown.whole(reading)), unknown.slots(feature, target)
    shown = unknown.shown(reading)
    removals, additions = [], []
    for slot, old in reversed(list(have.items())):
        if slot not in want:
            removals += feature.negate(slot, shown[slot], old.value, None)
    for slot, new in want.items():
        old, words = _compared(feature, have, slot)
        if (old, words) == (new.value, new.unknown):
            continue
        if slot in have and (words != new.unknown or not feature.overwrites(slot, old, new.value)):
            additions += feature.negate(slot, shown[slot], old, new.value)
        additions += [line.strip() for line in new.line.splitlines()]
    return _Changes(removals, additions)


def _compared(feature: Any, slots: Any, slot: Any) -> tuple[Any, tuple[str, ...]]:
    """What tells two lines of a slot apart: the value, and the words that only the device understands."""
    return (slots[slot].value, slots[slot].unknown) if slot in slots else (feature.default(slot), ())


def plain(configs: Any) -> dict[str, Any]:
    """``{feature name: config}`` with null for what is the default anyway."""
    return {name: unknown.carry(config, BY_NAME[name].plain(config)) for name, config in configs.items()}


def options(configs: Any) -> dict[str, Any]:
    """The form in which they are shown, and can be given back: plain, and without what no option can give."""
    return {name: unknown.without(config) for name, config in plain(configs).items()}


def unparsed(readings: Any) -> list[str]:
    """The lines of a device that are not understood, in whole or in part."""
    return [line for name, reading in readings.items() for line in unknown.lines(BY_NAME[name], reading)]


def lines(configs: Any) -> list[str]:
    """``{feature name: config}`` -> the lines of configuration it stands for, in the safe order."""
    return [
        line
        for feature in SAFE_ORDER
        if feature.name in configs
        for slot in unknown.slots(feature, configs[feature.name]).values()
        for line in slot.line.splitlines()
    ]


def differences(after: dict[str, Any], readings: Any) -> list[tuple[str | None, str | None]]:
    """Lines in which a device differs from the ``after`` of a plan: ``[(expected or None, shown or None)]``.

    A password that the device does not show as it is cannot differ, and a line that is not understood may go with another.
    """
    found = []
    for name, reading in readings.items():
        feature, shown = BY_NAME[name], unknown.shown(reading)
        want, have = unknown.slots(feature, after[name]), unknown.slots(feature, unknown.whole(reading))
        for slot in list(want) + [slot for slot in have if slot not in want]:
            expected, present = _compared(feature, want, slot), _compared(feature, have, slot)
            unseen = slot == "password" and expected[0] and present[0] in (None, secret.HIDDEN)
            gone = slot not in have and slot[0] == "unparsed"
            if expected != present and not unseen and not gone:
                found.append((want[slot].line if slot in want else None, "; ".join(shown.get(slot, [])) or None))
    return found


def unseen_passwords(after: dict[str, Any], readings: Any) -> list[str]:
    """Names of features whose password was sent but is not shown by the device at all."""
    return [name for name, reading in readings.items() if after[name].get("password") and reading.config.get("password") is None]
