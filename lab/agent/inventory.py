# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the device says about itself to an image server, and in `show cns image inventory`."""

from __future__ import annotations

from xml.etree.ElementTree import tostring

from .host import Host
from .messages import FileSystem, InventoryReport


def inventory(device: Host) -> InventoryReport:
    """The device as it is now."""
    profile = device.profile
    file_system = device.running_image.partition(":")[0]
    return InventoryReport(
        image_id=device.cns.image_id(),
        host_name=device.hostname,
        version_string=device.version_banner().strip(),
        image_file=device.running_image,
        family=profile.family,
        model=profile.model,
        memory_kb=profile.ram_kb,
        file_systems=(FileSystem(f"{file_system}:", device.flash.size, device.flash.free),),
    )


def inventory_text(device: Host, width: int) -> str:
    """The report below its title, broken at the terminal's width (0: not broken) wherever that may be, even in a tag."""
    lines = ["Inventory Report"]
    for line in tostring(inventory(device).element(), encoding="unicode").splitlines():
        step = width or max(len(line), 1)
        lines += [line[at : at + step] for at in range(0, len(line), step)] or [""]
    return "\n".join(lines)
