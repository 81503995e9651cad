# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words that C(cns event), C(cns exec) and C(cns config partial) share: a host, a port, options in any order."""

from __future__ import annotations

import re
from typing import Any, Iterable

from ansible_collections.cns.image_agent.plugins.module_utils import words as cli

FLAGS = ("encrypt", "backup", "inventory")
# keyword on the device -> (option, number of integers that follow it)
NUMBERS = {
    "failover-time": "failover_time",
    "clock-timeout": "clock_timeout",
    "reconnect-time": "reconnect_time",
    "reconnect": "reconnect_time",
}


def parse(words: list[str]) -> dict[str, Any] | None:
    """Words of a line -> ``{host, port, encrypt, ...}`` with the options that were found, or None if not understood."""
    found: dict[str, Any] = {}
    rest = list(words)
    try:
        while rest:
            keyword = rest.pop(0)
            if keyword in FLAGS:
                found[keyword] = True
            elif keyword in NUMBERS:
                found[NUMBERS[keyword]] = _number(rest)
            elif keyword == "keepalive":
                found["keepalive"] = {"seconds": _number(rest), "retries": _number(rest)}
            elif keyword == "source":
                found["source"] = _source(rest)
            elif cli.number(keyword) is not None and "port" not in found:
                found["port"] = cli.number(keyword)
            elif "host" not in found:
                found["host"] = keyword
            else:
                return None
    except (IndexError, ValueError):
        return None
    return found


def _number(rest: list[str]) -> int:
    found = cli.number(rest.pop(0))
    if found is None:
        raise ValueError("not a number")
    return found


def _source(rest: list[str]) -> str:
    """An address, or an interface that may be printed as one word or as two."""
    name = rest.pop(0)
    if name.isalpha() and rest and re.match("[0-9]", rest[0]):
        name += rest.pop(0)
    return cli.interface(name)


def render(config: dict[str, Any], keywords: Iterable[str]) -> str:
    """``{host, port, ...}`` -> words of a line; ``keywords`` are the options this command knows, in its order."""
    words = [config["host"]] if config.get("host") else []
    for option in keywords:
        value = config.get(option)
        if value is None or value is False:
            continue
        if option in FLAGS:
            words.append(option)
        elif option == "port":
            words.append(str(value))
        elif option == "keepalive":
            words += ["keepalive", str(value["seconds"]), str(value["retries"])]
        else:
            words += [option.replace("_", "-"), str(value)]
    return " ".join(words)


def plain(config: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    """The settings with null for each that is as ``usual``, which is ``{option: value}``."""
    return {option: None if usual.get(option) == value else value for option, value in config.items()}


def normalise(where: str, config: dict[str, Any]) -> dict[str, Any]:
    """Check the values of a user's endpoint; ``where`` names it in an error."""
    checked = dict(config)
    if checked.get("host") is not None:
        checked["host"] = cli.word(where + ".host", checked["host"])
    if checked.get("source") is not None:
        checked["source"] = cli.interface_word(where + ".source", checked["source"])
    return checked
