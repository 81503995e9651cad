# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(cns config partial) and C(cns config notify): the configuration agent."""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
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

KEYWORDS = ("encrypt", "port", "source", "inventory")
PORT = 80
INTERVAL = 5  # minutes


class ConfigAgent(Feature):
    """C(cns config partial) and C(cns config notify)."""

    name = "config"

    def options(self) -> Options:
        """The argument spec of the configuration."""
        partial = dict(
            host=dict(type="str"),
            port=dict(type="int"),
            encrypt=dict(type="bool"),
            source=dict(type="str"),
            inventory=dict(type="bool"),
        )
        notify = dict(changes=dict(type="str", choices=["all", "diff"]), interval=dict(type="int"))
        return dict(partial=dict(type="dict", options=partial), notify=dict(type="dict", options=notify))

    def normalise(self, want: Config) -> Config:
        """Check the host and the source, and the range of the interval."""
        checked = dict(want)
        if want.get("partial"):
            checked["partial"] = endpoint.normalise("partial", want["partial"])
        interval = (want.get("notify") or {}).get("interval")
        if interval is not None and not 0 <= interval <= 35791:
            raise InputError("notify.interval is %s: the device takes 0 to 35791 minutes." % interval)
        return checked

    def parse(self, lines: Lines) -> Reading:
        """Lines of a running configuration -> Reading."""
        config: Config = {}
        shown: dict[Any, list[str]] = {}
        unparsed: list[str] = []
        for part, parse in (("partial", _parse_partial), ("notify", _parse_notify)):
            for line, words in words_after("cns config " + part, lines):
                found = parse(words)
                if found:
                    unparsed += superseded(shown, part, line)
                    config[part], shown[part] = found, [line]
                else:
                    unparsed.append(line)
        return Reading(self.settle(config), shown, unparsed)

    def settle(self, config: Config) -> Config:
        """Both parts, null where the device has none."""
        partial, notify = config.get("partial"), config.get("notify")
        if partial:
            partial = {
                "host": partial["host"],
                "port": partial.get("port"),
                "encrypt": bool(partial.get("encrypt")),
                "source": partial.get("source"),
                "inventory": bool(partial.get("inventory")),
                **endpoint.kept(partial),
            }
        if notify:
            notify = {"changes": notify["changes"], "interval": notify.get("interval"), **endpoint.kept(notify)}
        return {"partial": partial or None, "notify": notify or None}

    def check(self, config: Config) -> None:
        """Raise InputError for a part that lacks what its line begins with."""
        if config.get("partial") and not config["partial"].get("host"):
            raise InputError("partial needs host: the server that sends the partial configurations.")
        if config.get("notify") and not config["notify"].get("changes"):
            raise InputError("notify needs changes: all or diff.")

    def plain(self, config: Config) -> Config:
        """Without the interval and the port that they have anyway; the port of an encrypted session is not documented."""
        partial, notify = config["partial"], config["notify"]
        return {
            "partial": partial and endpoint.plain(partial, {} if partial["encrypt"] else {"port": PORT}),
            "notify": notify and endpoint.plain(notify, {"interval": INTERVAL}),
        }

    def slots(self, config: Config) -> Slots:
        """One line for each part."""
        lines = {}
        notify, partial = config.get("notify"), config.get("partial")
        if notify:
            words = ["cns config notify", notify["changes"]]
            words += ["interval", str(notify["interval"])] if notify.get("interval") is not None else []
            unknown = tuple(notify.get("unknown", ()))
            meant = (notify["changes"], self.plain(config)["notify"]["interval"])
            lines["notify"] = Slot(" ".join([*words, *unknown]), meant, unknown)
        if partial:
            source = partial["source"]
            port = self.plain(config)["partial"]["port"]
            identity = (partial["host"], partial["encrypt"], port, source and source.lower(), partial["inventory"])
            line = "cns config partial " + endpoint.render(partial, KEYWORDS)
            lines["partial"] = Slot(line, identity, tuple(partial.get("unknown", ())))
        return lines

    def overwrites(self, slot: Any, old: Any, new: Any) -> bool:
        """A running partial agent refuses a second C(cns config partial): it has to go first."""
        return slot == "notify"


def _parse_partial(words: list[str]) -> dict[str, Any] | None:
    partial = endpoint.parse(words, KEYWORDS)
    return partial if partial.get("host") else None


def _parse_notify(words: list[str]) -> dict[str, Any] | None:
    if words[:1] not in (["all"], ["diff"]):
        return None
    interval, unknown = None, words[1:]
    for at, word in enumerate(unknown[:-1]):
        if word == "interval" and cli.number(unknown[at + 1]) is not None:
            interval, unknown = cli.number(unknown[at + 1]), unknown[:at] + unknown[at + 2 :]
            break
    return {"changes": words[0], "interval": interval, "unknown": unknown}
