# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the agents of a device are to be configured with before it is upgraded, from the variables of the role agent. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Optional

Variable = Callable[[str], Any]  # the value of a variable of the device, None if it has none

_IDENTITY = {"ids": "cns_ids", "password": "cns_password"}
_IMAGE = {
    "enabled": "cns_image_enabled",
    "server": "cns_image_server_url",
    "status": "cns_image_status_url",
    "password": "cns_image_password",
    "retry": "cns_image_retry",
}


@dataclasses.dataclass(frozen=True)
class Agents:
    """``config``: as for cns_agents. ``trustpoint``: the options of cns_trustpoint, None if there is no certificate."""

    config: dict[str, Any]
    update_password: str
    trustpoint: Optional[dict[str, Any]]


def agents_of(variable: Variable) -> Agents:
    """The configuration that the role agent would send with the same variables."""
    image = _given(_IMAGE, variable)
    if "server" in image:
        image.setdefault("enabled", True)
    config = {
        "trusted_server": _listed("servers", variable("cns_trusted_servers")),
        "id": _given(_IDENTITY, variable),
        "event": _listed("gateways", variable("cns_event_gateways")),
        "config": variable("cns_config"),
        "exec": variable("cns_exec"),
        "image": image,
    }
    certificate = variable("cns_ca_certificate")
    trustpoint = dict(name=variable("cns_trustpoint") or "CNS", ca_certificate=certificate) if certificate else None
    return Agents(
        {name: given for name, given in config.items() if given},
        variable("cns_update_password") or "when_changed",
        trustpoint,
    )


def _given(names: dict[str, str], variable: Variable) -> dict[str, Any]:
    values = {option: variable(name) for option, name in names.items()}
    return {option: value for option, value in values.items() if value not in (None, "")}  # empty: not filled in, in a survey


def _listed(name: str, value: Any) -> Optional[dict[str, Any]]:
    return None if value is None else {name: value}
