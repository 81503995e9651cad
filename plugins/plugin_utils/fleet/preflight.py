# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The findings of a whole fleet: what no device knows alone, who is ready, and lines for people. Pure."""

from __future__ import annotations

import collections
import textwrap
from collections.abc import Mapping
from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils.names import in_order, listed
from ansible_collections.cns.image_agent.plugins.module_utils.preflight.checks import BLOCK, OK, WARN

_ORDER = (BLOCK, WARN, OK)
_WIDTH = 110

Finding = dict[str, Any]


def report(results: Mapping[str, dict[str, Any] | None]) -> dict[str, Any]:
    """``{host: result of cns_image_preflight}`` -> the report.

    ``{"hosts": {host: {"ready", "on_target", "image_id", "running", "findings"}}, "ready": [host], "on_target": [host],
    "blocked": [host]}``. Each host is in one of the lists. A host without a result, or with one that failed, has a
    finding that says so.
    """
    hosts = {host: _host(results[host] or {}) for host in in_order(results)}
    _add_shared_ids(hosts)
    for entry in hosts.values():
        entry["findings"].sort(key=lambda finding: _ORDER.index(finding["severity"]))
        entry["ready"] = not any(finding["severity"] == BLOCK for finding in entry["findings"])
    return {
        "hosts": hosts,
        "ready": [host for host, entry in hosts.items() if entry["ready"] and not entry["on_target"]],
        "on_target": [host for host, entry in hosts.items() if entry["ready"] and entry["on_target"]],
        "blocked": [host for host, entry in hosts.items() if not entry["ready"]],
    }


def lines(made: dict[str, Any]) -> list[str]:
    """A report as lines for people: the worst first, and what several devices have in common only once."""
    devices: dict[tuple[str, ...], list[str]] = collections.defaultdict(list)
    for host, entry in made["hosts"].items():
        for finding in entry["findings"]:
            if finding["severity"] != OK:
                devices[tuple(finding[key] for key in ("severity", "what", "why", "fix"))].append(host)
    shown: list[str] = []
    for (severity, what, why, fix), hosts in sorted(devices.items(), key=lambda item: (_ORDER.index(item[0][0]), -len(item[1]))):
        shown += _wrapped("%-6s " % severity.upper(), "%s: %s" % (listed(hosts), what))
        shown += _wrapped("       why: ", why) + _wrapped("       fix: ", fix) + [""]
    counts = "%d devices: %d ready, %d on the target already, %d blocked" % (
        len(made["hosts"]),
        len(made["ready"]),
        len(made["on_target"]),
        len(made["blocked"]),
    )
    return shown + [counts + (" (%s)." % listed(made["blocked"]) if made["blocked"] else ".")]


def _host(result: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {key: result.get(key) for key in ("on_target", "image_id", "running")}
    entry["on_target"] = bool(entry["on_target"])
    entry["findings"] = list(result.get("findings") or [])
    if "findings" not in result:
        said = " ".join(str(result.get("msg") or "its turn did not come").split())
        entry["findings"].append(
            dict(
                check="answers",
                severity=BLOCK,
                what="The device could not be asked: %s" % said,
                why="It is unknown whether it is ready, and the upgrade could not be triggered either.",
                fix="Check that it is up, its address, and the credentials.",
            )
        )
    return entry


def _add_shared_ids(hosts: dict[str, dict[str, Any]]) -> None:
    for host, findings in shared_ids({host: entry["image_id"] for host, entry in hosts.items()}).items():
        hosts[host]["findings"] += findings


def shared_ids(image_ids: Mapping[str, str | None]) -> dict[str, list[Finding]]:
    """``{host: [finding]}`` for devices that share an image ID; the image server tells devices apart by it alone."""
    by_id: dict[str, list[str]] = collections.defaultdict(list)
    for host, image_id in image_ids.items():
        if image_id:
            by_id[image_id].append(host)
    shared = {image_id: _shared(image_id, sharing) for image_id, sharing in by_id.items() if len(sharing) > 1}
    return {host: [shared[image_id]] for image_id in shared for host in by_id[image_id]}


def _shared(image_id: str, hosts: list[str]) -> Finding:
    return dict(
        check="image_id_unique",
        severity=BLOCK,
        what="The image ID %s is shared by %s." % (image_id, listed(hosts)),
        why="The image server takes them for one device, and mixes up their images and status messages.",
        fix="Give each its own: cns_id with agent image, for example of type hardware_serial.",
    )


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(head + text, _WIDTH, subsequent_indent="       ", break_long_words=False, break_on_hyphens=False)
