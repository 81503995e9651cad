# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(cns exec): the exec agent. Some releases name its server, others only a port."""

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

KEYWORDS = ("encrypt", "port", "source")
PORT = 80


class ExecAgent(Feature):
    """C(cns exec)."""

    name = "exec"
    one_line = True
    stands_alone = True

    def options(self) -> Options:
        """The argument spec of the configuration."""
        return dict(
            enabled=dict(type="bool"),
            host=dict(type="str"),
            port=dict(type="int"),
            encrypt=dict(type="bool"),
            source=dict(type="str"),
        )

    def normalise(self, want: Config) -> Config:
        """Check the host and the source."""
        named = any(want.get(option) for option in ("host", "port", "encrypt", "source"))
        if want.get("enabled") is False and named:
            raise InputError("exec: enabled is false, yet other options are given: the device cannot have both.")
        checked = endpoint.normalise("exec", want)
        return dict(checked, enabled=True) if named else checked

    def parse(self, lines: Lines) -> Reading:
        """Lines of a running configuration -> Reading."""
        config: Config = {}
        shown: dict[Any, list[str]] = {}
        unparsed: list[str] = []
        for line, words in words_after("cns exec", lines):
            unparsed += superseded(shown, "exec", line)
            config, shown = dict(endpoint.parse(words, KEYWORDS), enabled=True), {"exec": [line]}
        return Reading(self.settle(config), shown, unparsed)

    def settle(self, config: Config) -> Config:
        """An agent that is off has no options."""
        enabled = bool(config.get("enabled"))
        settled = {option: config.get(option) if enabled else None for option in ("host", "port", "source")}
        unknown = endpoint.kept(config) if enabled else {}
        return dict(settled, enabled=enabled, encrypt=bool(enabled and config.get("encrypt")), **unknown)

    def plain(self, config: Config) -> Config:
        """Without the port that it has anyway; the one of an encrypted session is not documented."""
        return endpoint.plain(config, {} if config["encrypt"] else {"port": PORT})

    def slots(self, config: Config) -> Slots:
        """One line."""
        if not config.get("enabled"):
            return {}
        source = config["source"]
        identity = (config["host"], config["encrypt"], self.plain(config)["port"], source and source.lower())
        line = ("cns exec " + endpoint.render(config, KEYWORDS)).strip()
        return {"exec": Slot(line, identity, tuple(config.get("unknown", ())))}
