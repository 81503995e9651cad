# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words that C(cns event), C(cns exec) and C(cns config partial) share: a host, a port, options in any order."""

from __future__ import annotations

import re
from typing import Any, Iterable

from ansible_collections.cns.image_agent.plugins.module_utils import words as cli

FLAGS = ("encrypt", "backup", "inventory")
_BARE = ("host", "port")  # options without a keyword: behind a word that is unknown they may be its value
# keyword on the device -> (option, number of integers that follow it)
NUMBERS = {
    "failover-time": "failover_time",
    "clock-timeout": "clock_timeout",
    "reconnect-time": "reconnect_time",
    "reconnect": "reconnect_time",
}


def parse(words: list[str], keywords: Iterable[str]) -> dict[str, Any]:
    """Words of a line -> ``{host, port, encrypt, ...}`` with the options that were found.

    ``keywords`` are the options this command knows. What is not understood stands under C(unknown), as it is printed.
    """
    found: dict[str, Any] = {}
    unknown: list[str] = []
    at, known = 0, True
    while at < len(words):
        option, value, length = _setting(words[at:])
        known = option not in found and (option in keywords or option == "host") and (known or option not in _BARE)
        if option == "host":
            known = known and not unknown and set(found) <= {"encrypt"}
        if known:
            found[option] = value
        else:
            unknown += words[at : at + length]
        at += length
    return dict(found, unknown=unknown) if unknown else found


def _setting(rest: list[str]) -> tuple[str, Any, int]:
    """The option that the first word begins, its value, and how many words both take; all of them where its value is none."""
    keyword, numbers = rest[0], [cli.number(word) for word in rest[1:3]]
    if keyword in FLAGS:
        return keyword, True, 1
    if keyword in NUMBERS and None not in numbers[:1] and numbers:
        return NUMBERS[keyword], numbers[0], 2
    if keyword == "keepalive" and None not in numbers and len(numbers) == 2:
        return "keepalive", {"seconds": numbers[0], "retries": numbers[1]}, 3
    if keyword == "source" and rest[1:]:
        return _source(rest[1:])
    if keyword in NUMBERS or keyword in ("keepalive", "source"):
        return "", None, len(rest)
    number = cli.number(keyword)
    return ("host", keyword, 1) if number is None else ("port", number, 1)


def _source(rest: list[str]) -> tuple[str, Any, int]:
    """An address, or an interface that may be printed as one word or as two; both have a digit."""
    if rest[0].isalpha() and rest[0] not in FLAGS + ("source", "keepalive") and rest[1:] and re.match("[0-9]", rest[1]):
        return "source", cli.interface(rest[0] + rest[1]), 3
    if not re.search("[0-9]", rest[0]):
        return "", None, 1 + len(rest)
    return "source", cli.interface(rest[0]), 2


def kept(config: dict[str, Any]) -> dict[str, Any]:
    """C(unknown) as a part of a settled configuration, which has it only where a device said such words."""
    return {"unknown": config["unknown"]} if config.get("unknown") else {}


def render(config: dict[str, Any], keywords: Iterable[str]) -> str:
    """``{host, port, ...}`` -> words of a line; ``keywords`` are the options this command knows, in its order.

    What the device has beside them comes last, so that nothing is lost where the line is written again.
    """
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
    return " ".join(words + config.get("unknown", []))


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
