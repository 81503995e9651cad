# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the server remembers of every device: the material of its report."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field

from ..agent.messages import InventoryReport, StatusReport

STATUS_MESSAGES_KEPT = 100


@dataclass
class DeviceRecord:
    """One image ID. `offered` is the image it was last told to fetch, `answer` the reason it was given."""

    address: str = ""
    sessions: int = 0
    trigger: str = ""
    inventory: InventoryReport | None = None
    offered: str | None = None
    answer: str = ""
    downloads: int = 0
    aborted_downloads: int = 0
    bytes_served: int = 0
    authentication_failures: int = 0
    status: deque[StatusReport] = field(default_factory=lambda: deque(maxlen=STATUS_MESSAGES_KEPT))

    def as_dict(self) -> dict:
        return {
            **{key: value for key, value in vars(self).items() if key not in ("inventory", "status")},
            "inventory": asdict(self.inventory) if self.inventory else None,
            "status": [asdict(one) for one in self.status],
        }


class Records:
    """All devices, by image ID."""

    def __init__(self) -> None:
        self._devices: dict[str, DeviceRecord] = {}

    def of(self, image_id: str) -> DeviceRecord:
        """The record of this device, a new one at first."""
        return self._devices.setdefault(image_id, DeviceRecord())

    def report(self) -> dict:
        """Totals, and `devices` by image ID; only what JSON knows."""
        records = self._devices.values()
        totals = {
            name: sum(getattr(one, name) for one in records)
            for name in ("bytes_served", "downloads", "aborted_downloads", "sessions", "authentication_failures")
        }
        totals["status_messages"] = sum(len(one.status) for one in records)
        return {**totals, "devices": {image_id: one.as_dict() for image_id, one in sorted(self._devices.items())}}
