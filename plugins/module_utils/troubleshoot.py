# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask a device for all that tells why its image agent does not do what it should. It only reads."""

from __future__ import annotations

from typing import Any, Awaitable, Iterable, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import diagnosis, info, plan
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Target
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks, facts

_OF_PREFLIGHT = ("supported", "status", "version", "config")
_MORE = ("connections", "inventory", "http_client")
_NO_TARGET = checks.Wanted(Target(None, None))
# The diagnosis says it better: since when.
_SAID_BETTER = ("no_upgrade_running",)


async def examine(
    device: Device, before: Optional[dict[str, Any]] = None, lines: Iterable[str] = (), ping: bool = True
) -> dict[str, Any]:
    """Return ``findings``, the worst first, their ``verdict`` in sentences, and what the device said as ``cns_image``.

    ``before``: the ``cns_image`` of an earlier call, before one retrieval was tried; ``lines``: what the agent printed
    meanwhile. Raises DeviceAway, but not after a retrieval, which may have the device reload.
    """
    try:
        seen, found, refusals = await _examine(device, before, lines, ping)
    except DeviceAway as gone:
        if before is None:
            raise
        seen, found, refusals = None, [diagnosis.away(gone.message)], []
    healthy = not any(one["severity"] == checks.BLOCK or one["check"] == "device_away" for one in found)
    return dict(healthy=healthy, verdict=diagnosis.sentences(found, refusals), findings=found, cns_image=seen)


async def _examine(
    device: Device, before: Optional[dict[str, Any]], lines: Iterable[str], ping: bool
) -> tuple[dict[str, Any], list[checks.Finding], list[str]]:
    known, refusal = await _or_refusal(facts.gather(device, _NO_TARGET, ping))
    found = [diagnosis.refused(checks.BLOCK, refusal)] if refusal else checks.findings(known, _NO_TARGET)
    seen = dict.fromkeys((*_OF_PREFLIGHT, *_MORE)) if refusal else _seen(known)
    if seen["supported"] is False:
        return seen, [one for one in found if one["check"] == "agent_supported"], []  # nothing else matters
    for subset in _MORE if known else ("version", "status", *_MORE):
        seen[subset], refusal = await _or_refusal(info.ask(device, subset))
        found += [diagnosis.refused(checks.WARN, refusal)] if refusal else []
    found = [one for one in found if one["check"] not in _SAID_BETTER]
    refusals = list(known["refused"].values()) if known else []
    return seen, checks.worst_first(diagnosis.findings(before, seen, lines) + found), refusals


def _seen(known: checks.Facts) -> dict[str, Any]:
    """What was asked by the preflight, in the form of C(info)."""
    seen = {name: known[name] for name in _OF_PREFLIGHT}
    return {**seen, "config": plan.plain(known["config"]), **dict.fromkeys(_MORE)}


async def _or_refusal(asking: Awaitable[Any]) -> tuple[Any, str]:
    """What the device says, and nothing; or None, and why it does not say."""
    try:
        return await asking, ""
    except Refused as refused:
        return None, refused.message
