# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why an image agent does not do what it should: what a device says, once or twice -> findings, and sentences. Pure."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.preflight.checks import BLOCK, OK, WARN, Finding, finding

Seen = Dict[str, Any]
NAMES = ("device_away", "rights", "upgraded", "connections", "last_upgrade", "messages", "debugging")
NOTHING = "Nothing is wrong that the device could tell. See the log of the image server for what it answered."


def findings(before: Optional[Seen], now: Seen, lines: Iterable[str] = ()) -> list[Finding]:
    """What the agent of a device says of itself.

    ``now``, and ``before`` one retrieval was tried, where one was: the subsets status, connections and version of C(info).
    ``lines``: what the agent printed meanwhile.
    """
    old, new = ((seen.get("version") or {}).get("version") for seen in (before or {}, now))
    if old and new and old != new:
        return [
            finding("upgraded", OK, "The device upgraded meanwhile, from %s to %s: the agent does what it should." % (old, new))
        ]
    return [*_connections(before or now, now), *_last_upgrade(before, now), *_messages(before or now, now), *_printed(lines)]


def away(why: str) -> Finding:
    """The finding about a device that answered before one retrieval, and does not any more."""
    return finding(
        "device_away",
        WARN,
        "The device does not answer any more. %s" % why,
        "It may be reloading into a new image, which is what it should do.",
        "Run this again when the device answers.",
    )


def refused(severity: str, said: str) -> Finding:
    """The finding about something that the device does not show."""
    return finding(
        "rights",
        severity,
        said,
        "Nothing is concluded from what the device does not show.",
        "Give the user the command (privileged EXEC, and command authorization of AAA), or wait until the device is free.",
    )


def sentences(found: Iterable[Finding], refusals: Iterable[str] = ()) -> list[str]:
    """A verdict for people: what the agent says of itself, what blocks it and what the device refuses to show."""
    telling = [
        one for one in found if one["severity"] == BLOCK or one["check"] in NAMES or any(said in one["what"] for said in refusals)
    ]
    return [("%s %s" % (one["what"], one["fix"])).strip() for one in telling] or [NOTHING]


def _last_upgrade(before: Optional[Seen], now: Seen) -> Iterator[Finding]:
    """What the agent's own status says."""
    last, known = ((seen.get("status") or {}).get("last_upgrade") or {} for seen in (now, before or {}))
    word = last.get("status") or ""
    if outcome.in_progress(now):
        what = "The agent is at work: an upgrade that started at %s has not ended." % last["started"]
        yield _last(WARN, what, "A second one would disturb it.", "Wait for it: cns_image_wait.")
    elif before is not None and last == known:
        why = "The agent refused it, or has no server to ask."
        yield _last(BLOCK, "The retrieve left no trace in the agent's status.", why, "Check its server: cns_image_info.")
    elif outcome.says_nothing_new(word):
        what = "The agent reached its server, which has no new image for this device (%s)." % word
        why = "The server has none, or knows the device by another image ID."
        yield _last(WARN, what, why, "Compare the image ID (show cns image inventory) with what the server has.")
    elif outcome.says_success(word):
        yield _last(OK, "The agent's last upgrade ended well (%s)." % word)
    elif word:
        what = "The agent's last upgrade failed: %s." % word
        why = "The word is that of the device or its server."
        yield _last(WARN if before is None else BLOCK, what, why, "See the log of the image server.")


def _last(severity: str, what: str, why: str = "", fix: str = "") -> Finding:
    return finding("last_upgrade", severity, what, why, fix)


def _messages(before: Seen, now: Seen) -> Iterator[Finding]:
    was, counted = before.get("status") or {}, now.get("status") or {}
    if _rise(was.get("receive_errors"), counted.get("receive_errors")):
        what = "The agent received messages that it could not use."
        why = "The server may speak another protocol, or another version of it."
        yield finding("messages", WARN, what, why, "Check that the URL is that of a CNS image server.")


def _connections(before: Seen, now: Seen) -> Iterator[Finding]:
    """What the connection counters say: of what came meanwhile, or else, where most went wrong, of all that was counted."""
    was, counted = before.get("connections") or {}, now.get("connections") or {}
    if not _rise(was.get("attempts"), counted.get("attempts")) and _mostly_lost(counted):
        was = {}
    tried, lost, cut = (_rise(was.get(name), counted.get(name)) for name in ("attempts", "never_connected", "abrupt_disconnects"))
    if lost:
        what = "%d of %d connections never reached the server." % (lost, tried)
        fix = "Check the route, the name server, the port, and what filters between: ping, show ip route."
        yield finding("connections", BLOCK, what, "Without its server the agent retrieves nothing.", fix)
    if cut:
        what = "%d of %d connections ended abruptly." % (cut, tried)
        why = "Something between the device and the server, or the server itself, cuts them."
        yield finding("connections", WARN, what, why, "See the log of the image server, and what filters between.")
    if tried and not lost and not cut:
        yield finding("connections", OK, "The agent connected to its server %d times without trouble." % tried)


def _mostly_lost(counted: dict[str, Any]) -> bool:
    lost, tried = counted.get("never_connected"), counted.get("attempts")
    return bool(lost and tried and 2 * lost >= tried)


def _printed(lines: Iterable[str]) -> Iterator[Finding]:
    told = [line.strip() for line in lines if "CNS Image Agent:" in line]  # not the messages themselves
    for line in [line for line in told if "error" in line.lower() or "fail" in line.lower()][:3]:
        why = "The agent says so while it is debugged."
        yield finding("debugging", WARN, "The agent printed: %s" % line, why, "See the log of the image server, too.")


def _rise(before: Any, now: Any) -> int:
    return max(0, now - (before or 0)) if now else 0
