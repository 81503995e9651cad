# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why an image agent does not do what it should, in plain words. Pure: two looks at a device -> sentences."""

from __future__ import annotations

from typing import Any, Iterable, Iterator

from ansible_collections.cns.image_agent.plugins.module_utils import outcome


def verdict(
    findings: list[dict[str, Any]], before: Any, after: Any, lines: Iterable[str] = (), retrieved: bool = True
) -> list[str]:
    """Return sentences, the most telling first.

    ``findings``: of the preflight. ``before`` and ``after``: C(cns_image) of two runs of cns_image_info with the subsets
    status, connections and version. ``lines``: what the agent printed meanwhile. ``retrieved``: whether one retrieve was tried.
    """
    if not after:
        return [
            "The device answers no more. It may be reloading into a new image, which is what it should do: ask it again later."
        ]
    if not after.get("supported"):
        return [
            "This release has no CNS image agent: it refuses its show commands. Nothing else matters until it runs another one."
        ]
    old, new = ((look.get("version") or {}).get("version") for look in (before, after))
    if old and new and old != new:
        return ["The device upgraded meanwhile, from %s to %s: the agent does what it should." % (old, new)]
    said = list(_connections(before, after)) + list(_agent(before, after, retrieved))
    blocking = [finding for finding in findings if finding["severity"] == "block"]
    said += ["The preflight says: %s %s" % (finding["what"], finding["fix"]) for finding in blocking]
    told = [line for line in lines if "CNS Image Agent:" in line]  # not the messages themselves
    errors = [line for line in told if "error" in line.lower() or "fail" in line.lower()]
    said += ["The agent printed: %s" % line.strip() for line in errors[:3]]
    return said or ["Nothing is wrong that the device could tell. See the log of the image server for what it answered."]


def _agent(before: Any, after: Any, retrieved: bool) -> Iterator[str]:
    """What the agent's own status says."""
    was, now = before.get("status") or {}, after.get("status") or {}
    last, known = now.get("last_upgrade") or {}, was.get("last_upgrade") or {}
    word = last.get("status") or ""
    if outcome.in_progress({"status": now}):
        yield "The agent is at work: an upgrade that started at %s has not ended." % last["started"]
    elif retrieved and last == known:
        yield "The retrieve left no trace in the agent's status: it was refused, or the agent has no server to ask."
    elif outcome.says_nothing_new(word):
        yield "The agent reached its server, which has no new image for this device (%s)." % word
    elif outcome.says_success(word):
        yield "The agent's last upgrade ended well (%s)." % word
    elif word:
        yield "The agent's last upgrade ended with %s." % word
    if _rise(was.get("receive_errors"), now.get("receive_errors")):
        yield "The agent received messages that it could not use: the server may speak another protocol, or version of it."


def _connections(before: Any, after: Any) -> Iterator[str]:
    """What the connection counters say: of what came meanwhile, or else, where most went wrong, of all that was counted."""
    was, now = before.get("connections") or {}, after.get("connections") or {}
    if not _rise(was.get("attempts"), now.get("attempts")) and 2 * (now.get("never_connected") or 0) >= (
        now.get("attempts") or 0
    ):
        was = {}
    lost = _rise(was.get("never_connected"), now.get("never_connected"))
    cut = _rise(was.get("abrupt_disconnects"), now.get("abrupt_disconnects"))
    tried = _rise(was.get("attempts"), now.get("attempts"))
    if lost:
        yield (
            "%d of %d connections never reached the server: look at the route, the name, the port, and what filters between."
            % (lost, tried)
        )
    if cut:
        yield "%d connections ended abruptly: something between device and server, or the server itself, cuts them." % cut
    if tried and not lost and not cut:
        yield "The agent connected to its server %d times without trouble." % tried


def _rise(before: Any, now: Any) -> int:
    return max(0, (now or 0) - (before or 0))
