# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(cns trusted-server): whom each agent may be sent to. IOS compares these strings as they are, without DNS."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
from ansible_collections.cns.image_agent.plugins.module_utils.features.feature import (
    Config,
    Feature,
    Lines,
    Options,
    Reading,
    Slot,
    Slots,
    words_after,
)

AGENTS = ("all_agents", "config", "event", "exec", "image")


class TrustedServer(Feature):
    """C(cns trusted-server)."""

    name = "trusted_server"
    lists = {"servers": ("agent", "host")}

    def options(self) -> Options:
        """The argument spec of the configuration."""
        server = dict(
            agent=dict(type="str", choices=list(AGENTS), required=True),
            host=dict(type="str", required=True),
        )
        return dict(servers=dict(type="list", elements="dict", options=server))

    def normalise(self, want: Config) -> Config:
        """Check each host."""
        checked = dict(want)
        if want.get("servers") is not None:
            checked["servers"] = [
                {"agent": server["agent"], "host": cli.word("servers.host", server["host"])} for server in want["servers"]
            ]
        return checked

    def parse(self, lines: Lines) -> Reading:
        """Lines of a running configuration -> Reading."""
        servers, shown, unparsed = [], {}, []
        for line, words in words_after("cns trusted-server", lines):
            agent = words[0].replace("-", "_") if words else None
            if agent in AGENTS and len(words) == 2:
                servers.append({"agent": agent, "host": words[1]})
                shown[(agent, words[1])] = [line]
            else:
                unparsed.append(line)
        return Reading(self.settle({"servers": servers}), shown, unparsed)

    def settle(self, config: Config) -> Config:
        """Each pair of agent and host once."""
        unique = {(server["agent"], server["host"]): server for server in config.get("servers") or []}
        return {"servers": list(unique.values())}

    def slots(self, config: Config) -> Slots:
        """One line per agent and host."""
        return {
            (server["agent"], server["host"]): Slot(
                "cns trusted-server %s %s" % (server["agent"].replace("_", "-"), server["host"]), True
            )
            for server in config.get("servers") or []
        }
