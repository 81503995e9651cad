# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(cns event): the gateways of the event bus, primary and backup."""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.features import endpoint
from ansible_collections.cns.image_agent.plugins.module_utils.features.feature import (
    Config,
    Feature,
    Lines,
    Options,
    Reading,
    Slot,
    Slots,
    superseded,
    words_after,
)

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


class Event(Feature):
    """C(cns event)."""

    name = "event"
    lists = {"gateways": ("host",)}
    stands_alone = True

    def options(self) -> Options:
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

    def normalise(self, want: Config) -> Config:
        """Check each gateway, and that no host is named twice."""
        checked = dict(want)
        if want.get("gateways") is not None:
            checked["gateways"] = [endpoint.normalise("gateways", gateway) for gateway in want["gateways"]]
            hosts = [gateway["host"] for gateway in checked["gateways"]]
            if len(set(hosts)) < len(hosts):
                raise InputError("gateways names the same host twice: the device has one line per host.")
        return checked

    def parse(self, lines: Lines) -> Reading:
        """Lines of a running configuration -> Reading."""
        gateways: dict[str, Config] = {}
        shown: dict[Any, list[str]] = {}
        unparsed: list[str] = []
        for line, words in words_after("cns event", lines):
            gateway = endpoint.parse(words, KEYWORDS)
            if gateway.get("host"):
                unparsed += superseded(shown, gateway["host"], line)
                gateways[gateway["host"]] = gateway
                shown[gateway["host"]] = [line]
            else:
                unparsed.append(line)
        return Reading(self.settle({"gateways": list(gateways.values())}), shown, unparsed)

    def settle(self, config: Config) -> Config:
        """Every gateway with all its keys; null where its line says nothing."""
        return {
            "gateways": [
                dict(
                    {"host": gateway["host"], "encrypt": bool(gateway.get("encrypt"))},
                    backup=bool(gateway.get("backup")),
                    **{key: gateway.get(key) for key in KEYWORDS if key not in ("encrypt", "backup")},
                    **endpoint.kept(gateway),
                )
                for gateway in config.get("gateways") or []
            ]
        }

    def slots(self, config: Config) -> Slots:
        """One line per host."""
        return {
            gateway["host"]: Slot(
                "cns event " + endpoint.render(gateway, KEYWORDS), _identity(gateway), tuple(gateway.get("unknown", ()))
            )
            for gateway in config.get("gateways") or []
        }

    def plain(self, config: Config) -> Config:
        """Every gateway without what it has anyway."""
        return {"gateways": [_plain(gateway) for gateway in config["gateways"]]}


def _plain(gateway: dict[str, Any]) -> dict[str, Any]:
    port = ENCRYPTED_PORT if gateway["encrypt"] else PORT
    return endpoint.plain(gateway, dict(DEFAULTS, port=port))


def _identity(gateway: dict[str, Any]) -> tuple[Any, ...]:
    """IOS does not mind the case of an interface name."""
    values = dict(_plain(gateway), source=gateway["source"] and gateway["source"].lower())
    return tuple(values[key] for key in KEYWORDS)
