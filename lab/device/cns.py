# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the running configuration says about the CNS agents."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .config import Config

if TYPE_CHECKING:
    from .device import Device

DEFAULT_RETRY = 60


class CnsConfig:
    """A live view: every property looks at the running configuration of this moment."""

    def __init__(self, device: Device) -> None:
        self._device = device

    @property
    def _config(self) -> Config:
        return self._device.running

    @property
    def image_enabled(self) -> bool:
        return ("cns", "image") in self._config

    @property
    def image_server(self) -> str | None:
        return (self._config.data("cns", "image") or {}).get("server")

    @property
    def image_status(self) -> str | None:
        return (self._config.data("cns", "image") or {}).get("status")

    @property
    def image_password(self) -> str | None:
        entry = self._config.get("cns", "image", "password")
        return entry.secret.plain if entry and entry.secret else None

    @property
    def image_retry(self) -> int:
        """Seconds between two tries."""
        seconds = self._config.data("cns", "image", "retry")
        return DEFAULT_RETRY if seconds is None else seconds

    def image_id(self) -> str:
        return self.agent_id("image")

    def agent_id(self, agent: str) -> str:
        """The ID of the "config", "event" or "image" agent. An interface without an address falls back to the host name."""
        wanted = self._config.data("cns", "id", agent) or {}
        device = self._device
        interface = wanted.get("interface", "")
        values = {
            "hardware-serial": lambda: device.serial,
            "string": lambda: wanted["value"],
            "udi": lambda: f"PID:{device.profile.model} VID:V01 SN:{device.serial}",
            "ipaddress": lambda: device.interface_address(interface),
            "mac-address": lambda: device.mac_address(interface),
        }
        value = values.get(wanted.get("type", ""), lambda: None)()
        return value or device.hostname

    def trusted(self, agent: str, host: str) -> bool:
        """Whether `agent` ("image", ...) may talk to `host`: named, implied by its own server, or an event gateway.

        Names are compared as they are written; nothing is resolved.
        """
        named = {("cns", "trusted", agent, host), ("cns", "trusted", "all-agents", host), ("cns", "event", host)}
        if any(key in self._config for key in named):
            return True
        return agent == "image" and host in {host_of(url) for url in (self.image_server, self.image_status) if url}

    def set_image_urls(self, server: str, status: str | None) -> None:
        """Enable the agent with these URLs, in place of what was configured."""
        text = f"cns image server {server}" + (f" status {status}" if status else "")
        if self._device.profile.split_image_lines:
            text = f"cns image\n{text}"
        self._config.set(("cns", "image"), text, {"server": server, "status": status})


def host_of(url: str) -> str:
    """The host part of a URL, which may lack its scheme."""
    return urlsplit(url if "://" in url else f"//{url}").hostname or ""
