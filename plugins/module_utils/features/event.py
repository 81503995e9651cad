# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(cns event): the gateways of the event bus, primary and backup."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.features import Reading, Slot, anything_goes, endpoint, negate_as_shown, never_overwrites, no_default, words_after

NAME = "event"
LISTS = {"gateways": ("host",)}
ONE_LINE = False
WHOLE_ENTRIES = False
KEYWORDS = (
    "encrypt",
    "port",
    "backup",
    "failover_time",
    "keepalive",
    "source",
    "clock_timeout",
    "reconnect_time",
)
# What a gateway has when its line does not say (seconds; the clock timeout in minutes).
DEFAULTS = {"failover_time": 3, "keepalive": {"seconds": 0, "retries": 0}, "clock_timeout": 10, "reconnect_time": 3600}
PORT, ENCRYPTED_PORT = 11011, 11012

negate = negate_as_shown
overwrites = never_overwrites
default = no_default
check = anything_goes


def options():
    """The argument spec of the configuration."""
    keepalive = dict(seconds=dict(type="int", required=True), retries=dict(type="int", required=True))
    gateway = dict(
        host=dict(type="str", required=True),
        port=dict(type="int"),
        encrypt=dict(type="bool"),
        backup=dict(type="bool"),
        failover_time=dict(type="int"),
        keepalive=dict(type="dict", options=keepalive),
        source=dict(type="str"),
        clock_timeout=dict(type="int"),
        reconnect_time=dict(type="int"),
    )
    return dict(gateways=dict(type="list", elements="dict", options=gateway))


def normalise(want):
    """Check each gateway, and that no host is named twice."""
    checked = dict(want)
    if want.get("gateways") is not None:
        checked["gateways"] = [endpoint.normalise("gateways", gateway) for gateway in want["gateways"]]
        hosts = [gateway["host"] for gateway in checked["gateways"]]
        if len(set(hosts)) < len(hosts):
            raise InputError("gateways names the same host twice: the device has one line per host.")
    return checked


def parse(lines):
    """Lines of a running configuration -> Reading."""
    gateways, shown = {}, {}
    for line, words in words_after("cns event", lines):
        gateway = endpoint.parse(words)
        if gateway and gateway.get("host"):
            gateways[gateway["host"]] = gateway
            shown[gateway["host"]] = [line]
    return Reading(settle({"gateways": list(gateways.values())}), shown)


def settle(config):
    """Every gateway with all its keys; null where its line says nothing."""
    return {
        "gateways": [
            dict(
                {"host": gateway["host"], "encrypt": bool(gateway.get("encrypt"))},
                backup=bool(gateway.get("backup")),
                **{key: gateway.get(key) for key in KEYWORDS if key not in ("encrypt", "backup")}
            )
            for gateway in config.get("gateways") or []
        ]
    }


def slots(config):
    """One line per host."""
    return {
        gateway["host"]: Slot("cns event " + endpoint.render(gateway, KEYWORDS), _identity(gateway))
        for gateway in config.get("gateways") or []
    }


def plain(config):
    """Every gateway without what it has anyway."""
    return {"gateways": [_plain(gateway) for gateway in config["gateways"]]}


def _plain(gateway):
    port = ENCRYPTED_PORT if gateway["encrypt"] else PORT
    return endpoint.plain(gateway, dict(DEFAULTS, port=port))


def _identity(gateway):
    """IOS does not mind the case of an interface name."""
    values = dict(_plain(gateway), source=gateway["source"] and gateway["source"].lower())
    return tuple(values[key] for key in KEYWORDS)
