# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An ISR of the second generation, as the 2911 is: IOS 15, CompactFlash, licenses of technology packages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .plain import Hardware, interface_counts, part

if TYPE_CHECKING:
    from ..device import Device

_IO_MEMORY_KB = 36_864  # what of the memory is for packets
_PACKAGES = (("ipbase", "ipbasek9"), ("security", "securityk9"), ("uc", ""), ("data", ""))
_RULE = "-" * 65


class IsrG2(Hardware):
    """Its flash is `flash0:`, which `flash:` stands for."""

    def reload_type(self, device: Device) -> Iterator[str]:
        yield "Last reload type: Normal Reload\n"

    def chassis(self, device: Device) -> str:
        profile = device.profile
        return (
            f"Cisco {profile.model} (revision 1.0) with {profile.ram_kb - _IO_MEMORY_KB}K/{_IO_MEMORY_KB}K bytes of memory.\n"
            f"Processor board ID {device.serial}\n{interface_counts(device)}1 terminal line\n"
            "1 Virtual Private Network (VPN) Module\nDRAM configuration is 64 bits wide with parity enabled.\n"
            f"{profile.nvram_kb}K bytes of non-volatile configuration memory.\n"
            f"{profile.flash_bytes // 1024}K bytes of ATA System CompactFlash 0 (Read/Write)\n\n\n{self._licenses(device)}\n"
        )

    def _licenses(self, device: Device) -> str:
        line = "-" * 49
        packages = "".join(
            f"{name:<13} {package or 'None':<13} {'Permanent' if package else 'None':<14} {package or 'None'}\n"
            for name, package in _PACKAGES
        )
        return (
            f"License Info:\n\nLicense UDI:\n\n{line}\nDevice#\t  PID\t\t\tSN\n{line}\n"
            f"*1\t  {device.profile.model:<21} {device.serial:<16}\n\n\n\n"
            f"Technology Package License Information for Module:'{device.profile.family}' \n\n{_RULE}\n"
            "Technology    Technology-package           Technology-package\n"
            f"              Current       Type           Next reboot  \n{_RULE}-\n{packages}"
        )

    def inventory(self, device: Device) -> str:
        model, serial = device.profile.model, device.serial
        chassis, board = f"{model} chassis", "C2911 Mother board 3GE, integrated VPN and 4W"
        return "\n".join(
            (
                part(chassis, f"{chassis}, Hw Serial#: {serial}, Hw Revision: 1.0", model, "V05", serial),
                part(f"{board} on Slot 0", board, model, "V05", f"FOC{serial[3:]}"),
                part("C2911 AC Power Supply", "C2911 AC Power Supply", "PWR-2911-AC", "V03", f"QCS{serial[3:]}"),
            )
        )

    def directory_name(self, device: Device) -> str:
        return "flash0"

    def flash_prefixes(self, device: Device) -> str:
        return "flash0: flash:#"

    def license_lines(self, device: Device) -> Iterator[str]:
        yield f"license udi pid {device.profile.model} sn {device.serial}"

    @staticmethod
    def flash_table(device: Device) -> str:
        """`show flash:`, which is another table than that of `dir`."""
        flash = device.flash
        rows = "".join(
            f"{number:<3} {file.size:>11} Mar 1 2022 10:00:00 +00:00 {file.name}\n"
            for number, file in enumerate(flash.files.values(), 1)
        )
        used = flash.size - flash.free
        return f"-#- --length-- -----date/time------ path\n{rows}\n{flash.free} bytes available ({used} bytes used)\n\n"
