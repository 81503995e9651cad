# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every device prints of itself, in the words of a classic router; other hardware says some of it in its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..clock import ios_duration, ios_time_short

if TYPE_CHECKING:
    from ..device import Device
    from ..flash import FlashFile

EXPORT = """This product contains cryptographic features and is subject to United
States and local country laws governing import, export, transfer and
use.
"""
_SPELLED = {"GigabitEthernet": "Gigabit Ethernet", "TenGigabitEthernet": "Ten Gigabit Ethernet", "Vlan": "Virtual Ethernet"}


class Hardware:
    """A kind of hardware. `folders` are on its flash beside the files."""

    rom = "System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)"
    folders: tuple[str, ...] = ()

    def software(self, device: Device) -> str:
        """The head of `show version`: software, release, copyright."""
        profile = device.profile
        xe = f"Cisco IOS XE Software, Version {device.version}\n" if profile.ios_xe else ""
        return (
            f"{xe}Cisco IOS Software, {profile.product} Software ({profile.feature_set}), "
            f"Version {device.version}, RELEASE SOFTWARE (fc1)\n{_COPYRIGHT}"
        )

    def version(self, device: Device) -> str:
        """`show version`"""
        return (
            f"{self.software(device)}\nROM: {self.rom}\n\n{self.uptime(device)}\n\n{EXPORT}\n"
            f"{self.chassis(device)}\nConfiguration register is {register(device)}\n\n"
        )

    def uptime(self, device: Device) -> str:
        """Since when it is up, why, and with which image."""
        returned = "power-on" if device.reload_reason == "power-on" else "reload"
        when = f" at {ios_time_short(device.reload_time)}" if device.reload_time else ""
        return "".join(
            (
                f"{device.hostname} uptime is {ios_duration(device.uptime)}\n",
                *self.control_processor(device),
                f"System returned to ROM by {returned}{when}\n",
                f"System restarted at {ios_time_short(device.booted_at())}\n",
                f'System image file is "{device.running_image}"\n',
                *self.reload_type(device),
                f"Last reload reason: {device.reload_reason}\n",
            )
        )

    def control_processor(self, device: Device) -> Iterator[str]:
        yield from ()

    def reload_type(self, device: Device) -> Iterator[str]:
        yield from ()

    def chassis(self, device: Device) -> str:
        """Model, memory, interfaces, and what stores what."""
        profile = device.profile
        return (
            f"cisco {profile.model} ({profile.family.upper()}) processor (revision 1.0) "
            f"with {profile.ram_kb}K/6147K bytes of memory.\nProcessor board ID {device.serial}\n"
            f"{interface_counts(device)}{profile.nvram_kb}K bytes of non-volatile configuration memory.\n"
            f"{profile.flash_bytes // 1024}K bytes of flash memory at {profile.flash_name}:.\n"
        )

    def inventory(self, device: Device) -> str:
        """`show inventory`"""
        model = device.profile.model
        return part(f"{model} chassis", f"{model} chassis", model, "V01", device.serial)

    def directory(self, device: Device, folder: str = "") -> str:  # pylint: disable=unused-argument
        """`dir` of the flash, or of a folder on it."""
        flash, name = device.flash, self.directory_name(device)
        rows = [directory_row(number, "drw-", 0, folder) for number, folder in enumerate(self.folders, 1)]
        rows += [file_row(number, file) for number, file in enumerate(flash.files.values(), len(rows) + 1)]
        listing = "".join(rows) or "No files in directory\n"
        return f"Directory of {name}:/\n\n{listing}\n{flash.size} bytes total ({flash.free} bytes free)\n"

    def directory_name(self, device: Device) -> str:
        """How `dir` calls the flash."""
        return device.profile.flash_name

    def flash_prefixes(self, device: Device) -> str:
        """Under which names `show file systems` has the flash."""
        return f"{device.profile.flash_name}:"

    def boot(self, device: Device) -> str:
        """`show boot`, `show bootvar`: the boot list counts once it is saved, so it is that of the startup configuration."""
        flash = device.profile.flash_name
        images = "".join(f"{flash}:{name},1;" for name in device.boot_list(device.startup))
        return (
            f"BOOT variable {f'= {images}' if images else 'does not exist'}\n"
            f"CONFIG_FILE variable {'=' if images else 'does not exist'}\n"
            f"BOOTLDR variable does not exist\nConfiguration register is {register(device)}\n"
        )

    def boot_line(self, device: Device, image: str) -> str:
        """How the configuration names an image of the boot list."""
        return f"boot system {device.profile.flash_name}:{image}"

    def member_flashes(self, device: Device) -> dict[str, int]:  # pylint: disable=unused-argument
        """What the flash of each member of a stack is called, and how much of it is free."""
        return {}

    def license_lines(self, device: Device) -> Iterator[str]:
        """What the configuration says of the license."""
        yield from ()


_COPYRIGHT = (
    "Technical Support: http://www.cisco.com/techsupport\n"
    "Copyright (c) 1986-2022 by Cisco Systems, Inc.\n"
    "Compiled Wed 23-Mar-22 09:12 by prod_rel_team\n"
)


def register(device: Device) -> str:
    """`0x2102`, or `0x2102 (will be 0x2142 at next reload)`"""
    text = f"0x{device.config_register:X}"
    if device.next_config_register != device.config_register:
        text += f" (will be 0x{device.next_config_register:X} at next reload)"
    return text


def interface_counts(device: Device) -> str:
    """`3 Gigabit Ethernet interfaces`, for each kind."""
    counts: dict[str, int] = {}
    for name in device.profile.interfaces:
        kind = name.rstrip("0123456789/.")
        counts[kind] = counts.get(kind, 0) + 1
    return "".join(f"{count} {_SPELLED.get(kind, kind)} interface{'' if count == 1 else 's'}\n" for kind, count in counts.items())


def part(name: str, described: str, product: str, version: str = "", serial: str = "") -> str:
    """An entry of `show inventory`."""
    return f'NAME: "{name}", DESCR: "{described}"\nPID: {product:<18}, VID: {version:<4}, SN: {serial}\n'


def directory_row(number: int, rights: str, size: int, name: str) -> str:
    """A line of `dir`."""
    return f"{number:>5}  {rights}  {size:>12}   Mar 1 2022 10:00:00 +00:00  {name}\n"


def file_row(number: int, file: FlashFile) -> str:
    return directory_row(number, "-rw-", file.size, file.name)
