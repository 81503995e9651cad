# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(cns exec): the exec agent. Some releases name its server, others only a port."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.features import Reading, Slot, anything_goes, endpoint, negate_as_shown, never_overwrites, no_default, words_after

NAME = "exec"
LISTS = {}
ONE_LINE = True
WHOLE_ENTRIES = False
KEYWORDS = ("encrypt", "port", "source")
PORT = 80

negate = negate_as_shown
overwrites = never_overwrites
default = no_default
check = anything_goes


def options():
    """The argument spec of the configuration."""
    return dict(
        enabled=dict(type="bool"),
        host=dict(type="str"),
        port=dict(type="int"),
        encrypt=dict(type="bool"),
        source=dict(type="str"),
    )


def normalise(want):
    """Check the host and the source."""
    named = any(want.get(option) for option in ("host", "port", "encrypt", "source"))
    if want.get("enabled") is False and named:
        raise InputError("exec: enabled is false, yet other options are given: the device cannot have both.")
    checked = endpoint.normalise("exec", want)
    return dict(checked, enabled=True) if named else checked


def parse(lines):
    """Lines of a running configuration -> Reading."""
    config, shown = {}, {}
    for line, words in words_after("cns exec", lines):
        found = endpoint.parse(words)
        if found is not None:
            config, shown = dict(found, enabled=True), {"exec": [line]}
    return Reading(settle(config), shown)


def settle(config):
    """An agent that is off has no options."""
    enabled = bool(config.get("enabled"))
    settled = {option: config.get(option) if enabled else None for option in ("host", "port", "source")}
    return dict(settled, enabled=enabled, encrypt=bool(enabled and config.get("encrypt")))


def plain(config):
    """Without the port that it has anyway; the one of an encrypted session is not documented."""
    return endpoint.plain(config, {} if config["encrypt"] else {"port": PORT})


def slots(config):
    """One line."""
    if not config.get("enabled"):
        return {}
    source = config["source"]
    identity = (config["host"], config["encrypt"], plain(config)["port"], source and source.lower())
    return {"exec": Slot(("cns exec " + endpoint.render(config, KEYWORDS)).strip(), identity)}
