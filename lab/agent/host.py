# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an image agent needs of the device that it lives in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..device.cns import CnsConfig
    from ..device.flash import Flash
    from ..device.pki import Pki
    from ..profiles import Profile


class Host(Protocol):
    """The device, as its agent sees it."""

    name: str
    address: str
    profile: Profile
    flash: Flash
    cns: CnsConfig
    pki: Pki

    @property
    def faults(self) -> Mapping[str, Any]: ...

    @property
    def hostname(self) -> str: ...

    @property
    def running_image(self) -> str: ...

    def runs(self, image: str) -> bool: ...

    def version_banner(self) -> str: ...

    def now(self) -> datetime: ...

    def ios_time(self, moment: datetime) -> str: ...

    def boot_order(self, first: str) -> None: ...

    def save(self) -> None: ...

    async def reload(self, reason: str) -> None: ...

    def enter_phase(self, phase: str) -> None: ...

    def debug(self, flag: str, text: str) -> None: ...
