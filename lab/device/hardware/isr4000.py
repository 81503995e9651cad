# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An ISR of the 4000 series: IOS XE 3S, 16 or 17, whose release is said twice and whose memory is said twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...releases import XeRelease, xe_release
from ..clock import ios_duration
from .plain import Hardware, directory_row, file_row, interface_counts, part

if TYPE_CHECKING:
    from ..device import Device

_IOSD_MEMORY_KB = 1_795_979  # what of the memory IOS has
_PACKAGES = (("appxk9", ""), ("uck9", ""), ("securityk9", "securityk9"), ("ipbase", "ipbasek9"))
_RULE = "-" * 65
_STARS = "+" * 71


class Isr4000(Hardware):
    """Its flash is `bootflash:`."""

    rom = "IOS-XE ROMMON"
    folders = ("lost+found", ".prst_sync", ".installer", "core", "tracelogs")

    def software(self, device: Device) -> str:
        profile, release = device.profile, xe_release(device.version)
        name = f" [{release.name}]" if release.name else ""
        return (
            f"Cisco IOS XE Software, Version {release.xe}{_support(release)}\n"
            f"Cisco IOS Software{name}, {profile.product} Software ({profile.feature_set}), "
            f"Version {release.ios}, RELEASE SOFTWARE (fc2)\n"
            "Technical Support: http://www.cisco.com/techsupport\nCopyright (c) 1986-2022 by Cisco Systems, Inc.\n"
            "Compiled Wed 23-Mar-22 09:12 by mcpre\n\n\n"
            "Cisco IOS-XE software, Copyright (c) 2005-2022 by cisco Systems, Inc.\n"
            "All rights reserved.  Certain components of Cisco IOS-XE software are\n"
            'licensed under the GNU General Public License ("GPL") Version 2.0.\n\n'
        )

    def control_processor(self, device: Device) -> Iterator[str]:
        yield f"Uptime for this control processor is {ios_duration(device.uptime + 120)}\n"

    def chassis(self, device: Device) -> str:
        profile = device.profile
        return (
            f"{_licenses(device)}\ncisco {profile.model} (1RU) processor with {_IOSD_MEMORY_KB}K/6147K bytes of memory.\n"
            f"Processor board ID {device.serial}\n{interface_counts(device)}"
            f"{profile.nvram_kb}K bytes of non-volatile configuration memory.\n"
            f"{profile.ram_kb}K bytes of physical memory.\n"
            f"{profile.flash_bytes // 1024}K bytes of flash memory at {profile.flash_name}:.\n"
            f"{_web_files(device)}"
        )

    def inventory(self, device: Device) -> str:
        model, serial = device.profile.model, device.serial
        short, power = f"Cisco {model.partition('/')[0]}", f"PST{serial[3:]}"
        hint = f'{_STARS}\nINFO: Please use "show license UDI" to get serial number for licensing.\n{_STARS}\n\n'
        return ("" if _is_3s(device) else hint) + "\n".join(
            (
                part("Chassis", f"{short} Chassis", model, "V04", serial),
                part("Power Supply Module 0", "250W AC Power Supply for Cisco ISR 4330", "PWR-4330-AC", "V02", power),
                part("Fan Tray", "Cisco ISR4330 Fan Assembly", "ACS-4330-FANASSY"),
                part("module 0", f"{short} Built-In NIM controller", model),
                part("NIM subslot 0/0", "Front Panel 3 ports Gigabitethernet Module", "ISR4331-3x1GE", "V01"),
                part("module R0", f"{short} Route Processor", model, "V04", f"FOC{serial[3:]}"),
                part("module F0", f"{short} Forwarding Processor", model),
            )
        )

    def boot(self, device: Device) -> str:
        text = super().boot(device).replace("CONFIG_FILE variable =\n", "CONFIG_FILE variable does not exist\n")
        return f"{text}\nStandby not ready to show bootvar\n"

    def directory(self, device: Device, folder: str = "") -> str:
        flash = device.flash
        rows = [directory_row(number, "drwx", 4096, folder) for number, folder in enumerate(self.folders, 11)]
        rows += [file_row(number, file) for number, file in enumerate(flash.files.values(), 11 + len(rows))]
        name = self.directory_name(device)
        return f"Directory of {name}:/\n\n{''.join(rows)}\n{flash.size} bytes total ({flash.free} bytes free)\n"

    def flash_prefixes(self, device: Device) -> str:
        return f"{device.profile.flash_name}: flash:"

    def license_lines(self, device: Device) -> Iterator[str]:
        yield f"license udi pid {device.profile.model} sn {device.serial}"


def _is_3s(device: Device) -> bool:
    return "S" in xe_release(device.version).xe


def _web_files(device: Device) -> str:
    return "" if _is_3s(device) else "0K bytes of WebUI ODM Files at webui:.\n"


def _support(release: XeRelease) -> str:
    return " - Extended Support Release" if "S" in release.xe else ""


def _licenses(device: Device) -> str:
    packages = "".join(
        f"{name:<16} {package or 'None':<16} {'Permanent' if package else 'None':<16} {package or 'None'}\n"
        for name, package in _PACKAGES
    )
    throughput = "The current throughput level is 100000 kbps \n\n\n"
    smart = "" if _is_3s(device) else f"{throughput}Smart Licensing Status: Registration Not Applicable\n"
    return (
        f"\n\nTechnology Package License Information: \n\n{_RULE}\n"
        "Technology    Technology-package           Technology-package\n"
        f"              Current       Type           Next reboot  \n{_RULE}-\n{packages}\n{smart}"
    )
