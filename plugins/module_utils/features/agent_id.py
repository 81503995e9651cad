# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(cns id) and C(cns password): who the device says it is to each agent."""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import secret
from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
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

AGENTS = ("config", "event", "image")
KEYWORDS = {
    "hostname": "hostname",
    "hardware_serial": "hardware-serial",
    "string": "string",
    "ipaddress": "ipaddress",
    "mac_address": "mac-address",
    "udi": "udi",
    "dns_reverse": "dns-reverse",
}
OF_INTERFACE = ("ipaddress", "mac_address", "dns_reverse")
_TYPES = {keyword: kind for kind, keyword in KEYWORDS.items()}


class AgentId(Feature):
    """C(cns id) and C(cns password)."""

    name = "id"
    lists = {"ids": ("agent",)}
    whole_entries = True

    def options(self) -> Options:
        """The argument spec of the configuration."""
        entry = dict(
            agent=dict(type="str", choices=list(AGENTS), required=True),
            type=dict(type="str", choices=list(KEYWORDS)),
            interface=dict(type="str"),
            value=dict(type="str"),
        )
        return dict(
            ids=dict(type="list", elements="dict", options=entry),
            password=dict(type="str", no_log=True),
        )

    def normalise(self, want: Config) -> Config:
        """Check each ID: its type, and the interface or value that this type needs."""
        checked = dict(want)
        if want.get("ids") is not None:
            checked["ids"] = [_normalise_id(entry) for entry in want["ids"]]
            agents = [entry["agent"] for entry in want["ids"]]
            twice = sorted({agent for agent in agents if agents.count(agent) > 1})
            if twice:
                raise InputError("ids names the %s agent twice: an agent has one ID." % " and the ".join(twice))
        if want.get("password") is not None:
            checked["password"] = cli.word("password", want["password"])
        return checked

    def parse(self, lines: Lines) -> Reading:
        """Lines of a running configuration -> Reading."""
        config: Config = {"ids": [], "password": None}
        shown: dict[Any, list[str]] = {}
        unparsed: list[str] = []
        for line, words in words_after("cns id", lines):
            entries = _parse_id(words)
            unparsed += [] if entries else [line]
            for entry in entries:
                config["ids"] = [known for known in config["ids"] if known["agent"] != entry["agent"]] + [entry]
                unparsed += superseded(shown, entry["agent"], line if len(entries) == 1 else _line(entry))
                # The ID of one agent is removed without those that stand on the same line.
                shown[entry["agent"]] = [line] if len(entries) == 1 else [_line(entry)]
        for line, words in words_after("cns password", lines):
            if secret.is_password(words):
                unparsed += superseded(shown, "password", line)
                config["password"], shown["password"] = secret.read_password(words), [line]
            else:
                unparsed.append(line)
        return Reading(self.settle(config), shown, unparsed)

    def settle(self, config: Config) -> Config:
        """Leave out the IDs that are the default, and list the others in the order of AGENTS."""
        ids = [entry for entry in config.get("ids") or [] if entry["type"] != "hostname"]
        return {
            "ids": sorted(ids, key=lambda entry: AGENTS.index(entry["agent"])),
            "password": config.get("password"),
        }

    def slots(self, config: Config) -> Slots:
        """One line per agent, and one for the password."""
        lines = {}
        for entry in config.get("ids") or []:
            lines[entry["agent"]] = Slot(_line(entry), _identity(entry))
        if config.get("password"):
            lines["password"] = Slot("cns password %s" % _shown(config["password"]), config["password"])
        return lines

    def default(self, slot: Any) -> Any:
        """Each agent is known by the hostname."""
        return ("hostname", None) if slot in AGENTS else None

    def negate(self, slot: Any, shown: list[str], old: Any, new: Any) -> list[str]:
        """The ID as it is shown; the password without its value, which may be shown encoded."""
        return ["no cns password"] if slot == "password" else ["no " + line for line in shown]


def _normalise_id(entry: dict[str, Any]) -> dict[str, Any]:
    kind, agent = entry.get("type"), entry["agent"]
    if not kind:
        raise InputError("ids: the %s agent needs type: where its ID comes from." % agent)
    checked: dict[str, Any] = {"agent": agent, "type": kind, "interface": None, "value": None}
    needs = "interface" if kind in OF_INTERFACE else "value" if kind == "string" else None
    for option in ("interface", "value"):
        given = entry.get(option)
        if given is not None and option != needs:
            raise InputError("ids: type %s of the %s agent takes no %s." % (kind, agent, option))
        if given is None and option == needs:
            raise InputError("ids: type %s of the %s agent needs %s." % (kind, agent, option))
    if needs == "interface":
        checked["interface"] = cli.interface_word("ids.interface", entry["interface"])
    elif needs == "value":
        checked["value"] = cli.word("ids.value", entry["value"])
    return checked


def _parse_id(words: list[str]) -> list[dict[str, Any]]:
    """The entries of one line: one per agent it names, none where the line is not understood."""
    entry: dict[str, Any] = {"type": None, "interface": None, "value": None}
    if words[:1] == ["string"]:
        entry["type"], entry["value"], rest = "string", "".join(words[1:2]), words[2:]
    elif words and words[0] in _TYPES and _TYPES[words[0]] not in OF_INTERFACE:
        entry["type"], rest = _TYPES[words[0]], words[1:]
    else:
        place = next((at for at, word in enumerate(words) if _TYPES.get(word) in OF_INTERFACE), None)
        if not place or place > 2:
            return []
        entry["type"], entry["interface"] = _TYPES[words[place]], cli.interface(" ".join(words[:place]))
        rest = words[place + 1 :]
    if set(rest) - {"event", "image"} or entry["value"] == "":
        return []
    return [dict(entry, agent=agent) for agent in rest or ["config"]]


def _line(entry: dict[str, Any]) -> str:
    words = ["cns id", entry["interface"], KEYWORDS[entry["type"]], entry["value"]]
    words.append(entry["agent"] if entry["agent"] != "config" else None)
    return " ".join(word for word in words if word)


def _identity(entry: dict[str, Any]) -> tuple[str, str | None]:
    """IOS does not mind the case of an interface name; of a string it does."""
    return entry["type"], entry["interface"].lower() if entry["interface"] else entry["value"]


def _shown(password: Any) -> str:
    return secret.MASK if password is secret.HIDDEN else password
