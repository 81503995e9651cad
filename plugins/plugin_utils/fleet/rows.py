# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One flat row per device, from the registered results of a whole play. Pure."""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import advice

# A reload loses the counters of the agent, also the reload into a new image: its "never" means no more than this.
_NOT_SINCE_BOOT = "not since boot"
_ON_OFF: dict[Any, str] = {True: "on", False: "off"}


def status_rows(results: dict[str, Any]) -> list[Any]:
    """Rows from ``{host: result of cns_image_info}``; the result is None for a device that was not asked.

    Nothing in a result is taken for granted: what a device or a subset did not give is None in its row.
    """
    return [_status_row(host, result or {}) for host, result in results.items()]


def outcome_rows(results: dict[str, Any]) -> list[Any]:
    """Rows from ``{host: result of cns_image_retrieve or cns_image_wait}``, with None as in status_rows."""
    return [_outcome_row(host, result or {}) for host, result in results.items()]


def _status_row(host: str, result: dict[str, Any]) -> dict[str, Any]:
    version = _at(result, "cns_image", "version") or {}
    agent = _at(result, "cns_image", "config", "image") or {}
    upgrade = _at(result, "cns_image", "status", "last_upgrade") or {}
    return {
        "host": host,
        "model": version.get("model"),
        "version": _release(version),
        "image": _file_name(version.get("image_file")),
        "last_upgrade": _NOT_SINCE_BOOT if upgrade.get("ended") == "never" else upgrade.get("ended"),
        "result": upgrade.get("status"),
        "agent": _ON_OFF.get(agent.get("enabled")),
        "server": advice.host_of(agent.get("server")),
        "uptime_seconds": version.get("uptime_seconds"),
        "problem": _problem(result),
    }


def _outcome_row(host: str, result: dict[str, Any]) -> dict[str, Any]:
    before, after = result.get("before") or {}, result.get("after") or {}
    if result.get("outcome") == "started":
        after = {}  # nobody has asked it again
    return {
        "host": host,
        "outcome": result.get("outcome") or "failed",
        "old_version": _release(before),
        "new_version": _release(after),
        "time_seconds": result.get("elapsed"),
        "reason": result.get("reason") or _problem(result),
    }


def _problem(result: dict[str, Any]) -> str | None:
    if not result:
        return "not asked"
    if result.get("failed") or result.get("unreachable"):
        return result.get("msg")
    if _at(result, "cns_image", "supported") is False:
        return "this release has no CNS image agent"
    return None


def _at(value: Any, *path: str | None) -> Any:
    for key in path:
        value = (value or {}).get(key)
    return value


def _release(version: dict[str, Any]) -> str | None:
    return version.get("xe_version") or version.get("version")


def _file_name(path: str | None) -> str | None:
    """``flash:/images/x.bin`` -> ``x.bin``"""
    return path and path.replace(":", "/").rsplit("/", 1)[-1]
