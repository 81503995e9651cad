# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a device has of a feature that the collection does not understand: it is kept, named, or removed with the rest. Pure.

Words stand under C(unknown) in the configuration, lines under C(unparsed). No option gives them, so none is shown as one.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import long_lines
from ansible_collections.cns.image_agent.plugins.module_utils.features.feature import Config, Feature, Reading, Slot, Slots

_KEYS = ("unknown", "unparsed")


def whole(reading: Reading) -> Config:
    """The configuration of a reading, with its lines that are not understood."""
    return carry({"unparsed": list(reading.unparsed)}, reading.config)


def carry(old: Config, new: Config) -> Config:
    """``new`` with the lines of ``old`` that are not understood."""
    return dict(new, unparsed=old["unparsed"]) if old.get("unparsed") else new


def slots(feature: Feature, config: Config) -> Slots:
    """The slots of a feature, and one for each line that is not understood."""
    lines = {("unparsed", line): Slot(line, line, tuple(line.split())) for line in config.get("unparsed", ())}
    return {**feature.slots(config), **lines}


def shown(reading: Reading) -> dict[Any, list[str]]:
    """The lines that the device shows for each of these slots."""
    return {**reading.shown, **{("unparsed", line): [line] for line in reading.unparsed}}


def without(config: Any) -> Any:
    """A configuration, or a part of it, as options can give it."""
    if isinstance(config, dict):
        return {key: without(value) for key, value in config.items() if key not in _KEYS}
    return [without(entry) for entry in config] if isinstance(config, list) else config


def lines(feature: Feature, reading: Reading) -> list[str]:
    """The lines of a device that are not understood, in whole or in part."""
    printed = shown(reading)
    return [line for name, slot in slots(feature, whole(reading)).items() if slot.unknown for line in printed[name]]


def sentences(feature: Feature, reading: Reading, after: Config) -> list[str]:
    """What to tell of them where ``after`` is what the device is to have."""
    printed, left = shown(reading), slots(feature, after)
    found = [(name, slot) for name, slot in slots(feature, whole(reading)).items() if slot.unknown]
    return [_sentence(feature, "; ".join(printed[name]), slot, left.get(name)) for name, slot in found]


def _sentence(feature: Feature, line: str, old: Slot, new: Slot | None) -> str:
    if new is None or new.unknown != old.unknown:
        end = "It is removed."
    elif new.value == old.value:
        forever = feature.unknown_stays or long_lines.is_long(line)
        end = "It stays as it is." if forever else "It stays as it is; state replaced or deleted removes it."
    else:
        end = "It stays at the end of the new line."
    return "The device has %s is not known to this collection. %s" % (_what(line, " ".join(old.unknown)), end)


def _what(line: str, words: str) -> str:
    if long_lines.is_long(line):
        return "a line of %d characters, which" % len(line)
    return "%r, which" % line if words == line else "%r, of which %r" % (line, words)
