# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One file per CNS feature, all of the same shape and all pure.

A feature file has

``NAME``
    the key of the feature in the C(config) of M(cns.image_agent.cns_agents).
``LISTS``
    ``{option: fields}``: its list options, and the fields that identify an entry of each.
``ONE_LINE``
    whether all of it stands on one line, which can only be removed as a whole.
``WHOLE_ENTRIES``
    whether an entry of a list replaces the one the device has, or adds to it.
``options()``
    the argument spec of its configuration.
``normalise(want)``
    what the user gave, checked and in canonical spelling; raises InputError.
``parse(lines)``
    device lines -> Reading.
``settle(config)``
    the configuration with all keys present and dependent settings made consistent.
``check(config)``
    raise InputError where settings that depend on each other do not fit.
``slots(config)``
    configuration -> ``{slot: Slot}``, in the order in which the lines are to be sent.
``plain(config)``
    a settled configuration with null for what is the default anyway: devices leave out what is, whoever gave it.
``default(slot)``
    the value a slot has when the device shows no line for it.
``overwrites(slot, old, new)``
    whether sending the new line is enough, or the old one has to be removed first.
``negate(slot, shown, old, new)``
    the lines that remove a slot.
"""

from __future__ import annotations

import collections

Reading = collections.namedtuple("Reading", "config shown")
Reading.__doc__ = """What a device has: ``config``, and per slot the lines it ``shown`` (removal repeats them as printed)."""

Slot = collections.namedtuple("Slot", "line value")
Slot.__doc__ = """One line of configuration (or a block of them), and the value by which two spellings of it are compared."""


def negate_as_shown(slot, shown, old, new):  # pylint: disable=unused-argument
    """The usual removal on IOS: the line as it is shown, after C(no)."""
    return ["no " + line for line in shown]


def always_overwrites(slot, old, new):  # pylint: disable=unused-argument
    """A new line of this feature takes the place of the old one."""
    return True


def never_overwrites(slot, old, new):  # pylint: disable=unused-argument
    """A new line of this feature would stand beside the old one, or be refused because of it."""
    return False


def no_default(slot):  # pylint: disable=unused-argument
    """Without a line the setting is absent."""
    return None


def as_it_is(config):
    """This feature has no default that the device would leave out."""
    return config


def anything_goes(config):  # pylint: disable=unused-argument
    """The options of this feature do not depend on each other."""


def words_after(command, lines):
    """Yield ``(line, words)`` for each line of ``command``: the words that follow it."""
    head = command.split()
    for line in lines:
        words = line.split()
        if words[: len(head)] == head:
            yield " ".join(words), words[len(head) :]
