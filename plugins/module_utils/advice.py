# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person should know about settings that do not fit together. Pure: configurations in, sentences out."""

from __future__ import annotations

import collections
import re
from typing import Any, Dict, Iterable, Iterator, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import long_lines
from ansible_collections.cns.image_agent.plugins.module_utils.names import in_order
from ansible_collections.cns.image_agent.plugins.module_utils.trust import certificate
from ansible_collections.cns.image_agent.plugins.module_utils.url import split

Configs = Dict[str, Any]

# Beside the lines of the agents: whether the device can tell a server's certificate.
TRUSTPOINT_LINES = "^crypto (pki|ca) trustpoint|^ip http client secure-trustpoint"


def about(before: Configs, after: Configs, lines: Iterable[str] = ()) -> list[str]:
    """Return warnings about ``after``, what a device will have; both are ``{feature name: config}``.

    ``lines`` are those of its running configuration that matched TRUSTPOINT_LINES, among others.
    """
    checks = (_lost_status, _idle_agents, _untrusted, _old_event_id)
    warnings = [warning for check in checks for warning in check(before, after)]
    return warnings + _unverifiable_https(after, lines)


def shared_image_ids(ids_by_host: dict[str, Any]) -> list[str]:
    """Return warnings about image IDs that two devices would have, from ``{host: config of ids}``.

    Only an ID that is a given string can be compared; the others are unique by nature, or known to the device alone.
    """
    hosts = collections.defaultdict(list)
    for host, ids in ids_by_host.items():
        for entry in ids or []:
            if entry.get("agent") == "image" and entry.get("type") == "string" and entry.get("value"):
                hosts[entry["value"]].append(host)
    return [
        "%s are all to have the image ID %s: the image server could not tell them apart." % (", ".join(in_order(sharing)), value)
        for value, sharing in hosts.items()
        if len(sharing) > 1
    ]


def host_of(url: Optional[str]) -> Optional[str]:
    """The host part of a URL, exactly as it stands there; a URL may lack its scheme. None where there is none."""
    return split(url).host


def _urls(after: Configs) -> list[str]:
    return [url for url in (after["image"]["server"], after["image"]["status"]) if url]


def _lost_status(before: Configs, after: Configs) -> Iterator[str]:  # pylint: disable=unused-argument
    image = after["image"]
    if image["server"] and not image["status"] and not after["event"]["gateways"]:
        yield (
            "The status messages of the image agent are lost: there is neither a status URL (image.status) nor an event "
            "gateway (event.gateways) to send them to."
        )


def _idle_agents(before: Configs, after: Configs) -> Iterator[str]:  # pylint: disable=unused-argument
    if after["event"]["gateways"]:
        return
    needing = []
    if after["image"]["enabled"] and not after["image"]["server"]:
        needing.append("the image agent, which has no server")
    if after["config"]["partial"]:
        needing.append("cns config partial")
    if after["exec"]["enabled"]:
        needing.append("cns exec")
    if needing:
        yield "No event agent is configured (event.gateways), so these stay idle: %s." % ", ".join(needing)


def _untrusted(before: Configs, after: Configs) -> Iterator[str]:  # pylint: disable=unused-argument
    trusted = {server["host"] for server in after["trusted_server"]["servers"] if server["agent"] in ("image", "all_agents")}
    for host in sorted({host for host in map(host_of, _urls(after)) if host} - trusted):
        yield (
            "%s, the host of an image server or status URL, is not among the trusted servers. It is trusted for what the "
            "configuration names, but Cisco recommends to list it: trusted_server.servers, agent image, host %s." % (host, host)
        )


def _old_event_id(before: Configs, after: Configs) -> Iterator[str]:
    def event_id(configs: Configs) -> list[dict[str, Any]]:
        return [entry for entry in configs["id"]["ids"] if entry["agent"] == "event"]

    if event_id(before) != event_id(after) and before["event"]["gateways"] and after["event"]["gateways"]:
        yield (
            "The ID of the event agent changes, but a connected event agent keeps its old one until it is restarted: "
            "remove the gateways (state deleted) and add them again."
        )


def _unverifiable_https(after: Configs, lines: Iterable[str]) -> list[str]:
    secure = [url for url in _urls(after) if url.lower().startswith("https:")]
    named = [line.split()[-1] for line in long_lines.short(lines) if re.match(TRUSTPOINT_LINES, line)]
    if not secure or not all(map(certificate.from_factory, named)):
        return []
    return [
        "%s is HTTPS, but the device has no trustpoint for it, so it cannot tell whether the server is the right one and will "
        "refuse it. Install the CA certificate first (role agent, cns_ca_certificate)." % host_of(secure[0])
    ]
