# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What image agents posted to the status URL, from the journal of the receiver. Pure.

What was posted is only heard: anybody who reaches the receiver can post, and an agent can be wrong. It never decides an outcome.
A message, which is one line of that journal::

    {"at": seconds since the epoch, "device": image ID or null, "host_name", "state", "operation", "status", "image", "version",
     "reason", "form": xml, json or text, "from": address, "size": bytes, "raw": the message, masked}
"""

from __future__ import annotations

import collections
import datetime
import re
from collections.abc import Iterable
from typing import Any, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import one_line, shortened

SUCCESS, FAILED, IN_PROGRESS, NO_NEW_IMAGE, UNKNOWN = "success", "failed", "in_progress", "no_new_image", "unknown"
STATES = (SUCCESS, FAILED, IN_PROGRESS, NO_NEW_IMAGE, UNKNOWN)
TEXTS = ("host_name", "operation", "status", "image", "version", "reason", "form", "from")
NOT_HEARD = "not_heard"
NOTE = "This was heard, not seen: no device was asked, and what was posted in its name proves nothing."
KEPT = 20  # messages of one device
DEVICES = 10000  # of which messages are kept: whoever invents names pushes out those that were heard longest ago

Message = dict[str, Any]
_LONGEST = 300  # characters of a field
_LATEST = 2.5e11  # seconds since the epoch, before the year 9999 in every time zone
# Steps before the end: that the image was fetched is no upgrade yet.
_PART = re.compile(r"distribut|download|transfer|copy|fetch|verif|session|inventory", re.IGNORECASE)


def is_sound(entry: Any) -> bool:
    """Whether a line of the journal, any JSON value, can be relied on to be a message."""
    if not isinstance(entry, dict) or not _is_time(entry.get("at")) or entry.get("state") not in STATES:
        return False
    device = entry.get("device")
    named = device is None or (isinstance(device, str) and device != "" and one_line(device) == device)
    return named and all(isinstance(entry.get(name) or "", str) for name in TEXTS)


def _is_time(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < _LATEST


class Heard:
    """The last messages of each device."""

    def __init__(self, entries: Iterable[Any] = (), keep: int = KEPT, devices: int = DEVICES) -> None:
        self._of: collections.OrderedDict[str, collections.deque[Message]] = collections.OrderedDict()
        self._keep, self._devices = keep, devices
        self.nameless: collections.deque[Message] = collections.deque(maxlen=KEPT)  # of which nobody knows whose they are
        for entry in entries:
            self.add(entry)

    def add(self, entry: Any) -> bool:
        """Take in a line of the journal; whether it is a message. Its raw text stays in the journal."""
        if not is_sound(entry):
            return False
        message = _plain(entry)
        self._messages(message).append(message)
        return True

    def _messages(self, message: Message) -> collections.deque[Message]:
        if message.get("device") is None:
            return self.nameless
        name = key(message["device"])
        messages = self._of.setdefault(name, collections.deque(maxlen=self._keep))
        self._of.move_to_end(name)
        if len(self._of) > self._devices:
            self._of.popitem(last=False)
        return messages

    def of(self, names: Iterable[str], since: float = 0) -> list[Message]:
        """The messages of a device that may go by several names, oldest first."""
        found = [message for name in set(map(key, names)) for message in self._of.get(name, ())]
        return sorted((message for message in found if message["at"] >= since), key=lambda message: message["at"])

    def last(self) -> list[Message]:
        """The last message of each device, in the order of their names."""
        return sorted((messages[-1] for messages in self._of.values()), key=lambda message: key(message["device"]))


def _plain(entry: Message) -> Message:
    """What is known of a message, as text that acts on nothing, whoever wrote the journal."""
    texts = {name: shortened(one_line(entry.get(name) or ""), _LONGEST) for name in TEXTS}
    return dict(at=entry["at"], device=entry.get("device"), state=entry["state"], **texts)


def key(name: str) -> str:
    """Names of devices are compared like host names."""
    return name.casefold()


def ends(message: Message) -> bool:
    """Whether a message tells of an end: a failure, nothing new, or a success of more than a step on the way."""
    if message["state"] == SUCCESS:
        return not _PART.search(message.get("operation") or "")
    return message["state"] in (FAILED, NO_NEW_IMAGE)


def last_end(messages: list[Message]) -> Optional[Message]:
    """The end that was posted last, None if another attempt began after it, or none was."""
    for message in reversed(messages):
        if ends(message):
            return message
        if message["state"] in (IN_PROGRESS, SUCCESS):  # a step of another attempt
            return None
    return None


def disagreement(verdict: outcome.Verdict, running: str, messages: list[Message]) -> str:
    """What was posted during an upgrade against what the device says, for people; empty if the two agree.

    ``running``: what the device was last seen to run. The device is believed, whatever was posted.
    """
    said = last_end(messages)
    if verdict.outcome in (outcome.SUCCESS, outcome.UP_TO_DATE):
        if said and said["state"] == FAILED:
            return "the status server was told of a failure (%s), and yet the device runs %s" % (in_words(said), running)
        return ""
    if said and said["state"] == SUCCESS:
        return "the status server was told of a success (%s), and yet the device still runs %s" % (in_words(said), running)
    if verdict.outcome == outcome.FAILED and not messages:
        return (
            "the upgrade failed, and nothing was posted to the status server: look at the status URL of the device, at its image "
            "ID, under which it may have another name, and at what lies between it and the receiver"
        )
    return ""


def standing(messages: list[Message]) -> str:
    """Where an upgrade is, going by what was posted alone: a state, in_progress between two ends."""
    end = last_end(messages)
    if end:
        return str(end["state"])
    known = any(message["state"] != UNKNOWN for message in messages)
    return IN_PROGRESS if known else UNKNOWN if messages else NOT_HEARD


def picture(found: Heard, hosts: Iterable[str] = (), since: float = 0) -> dict[str, Any]:
    """A rollout as it was heard, for devices that nobody can log in to: nothing in it was seen.

    ``hosts``: image IDs that are expected to post; without them, those that did.
    """
    names = list(hosts) or [message["device"] for message in found.last()]
    devices = [_heard_of(name, found.of([name], since)) for name in names]
    counts = collections.Counter(device["heard"] for device in devices)
    return {
        "seen": False,
        "note": NOTE,
        "total": len(devices),
        "counts": {state: counts[state] for state in (*STATES, NOT_HEARD) if counts[state]},
        "devices": devices,
        "nameless": len([message for message in found.nameless if message["at"] >= since]),
    }


def _heard_of(name: str, messages: list[Message]) -> dict[str, Any]:
    last = messages[-1] if messages else {}
    return {
        "host": name,
        "heard": standing(messages),
        **{field: last.get(field, "") for field in ("operation", "status", "image", "version", "reason", "from")},
        "at": clock(last["at"]) if messages else "",
        "messages": len(messages),
    }


def in_a_sentence(messages: Optional[list[Message]], differs: str) -> str:
    """What to add to the end of a device: the disagreement, or else what it posted last."""
    if differs:
        return differs[0].upper() + differs[1:]
    return "It posted last: %s" % in_words(messages[-1]) if messages else ""


def in_words(message: Message) -> str:
    """A message in a line for people."""
    what = " ".join(filter(None, (message.get("operation"), message.get("status") or message["state"].replace("_", " "))))
    parts = [clock(message["at"]), what, message.get("image"), message.get("reason")]
    return one_line(", ".join(part for part in parts if part))


def clock(at: float) -> str:
    """Seconds since the epoch as ISO 8601 in the time zone of the controller."""
    return datetime.datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")
