# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Catalyst switches in a stack: a 3750 with classic IOS, a 3850 with IOS XE 3E or 16, a 9300 with IOS XE 16 or 17."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...releases import xe_release
from ..clock import ios_duration
from ..stack import MISMATCH
from .plain import Hardware, directory_row, interface_counts, part

if TYPE_CHECKING:
    from ..device import Device
    from ..stack import Member

_COPYRIGHT = "Technical Support: http://www.cisco.com/techsupport\nCopyright (c) 1986-2022 by Cisco Systems, Inc.\n"
_SWITCH_HEADING = (
    "                                             H/W   Current\n"
    f"Switch#   Role    Mac Address     Priority Version  State \n{'-' * 85}\n"
)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


class Catalyst(Hardware):
    """What all of them have: folders on flash, a flash for each member, a table of members, a place for one more."""

    columns = (18, 21, 25)  # of the table: model, version, image
    member_details = ("Model number", "System serial number")

    def members_table(self, device: Device) -> str:
        """The members that run, as `show version` has them."""
        model, version, image = self.columns
        heading = f"Switch Ports {'Model':<{model}} {'SW Version':<{version}} {'SW Image':<{image}}{self.mode_heading}"
        rule = f"------ ----- {'-----':<{model}} {'----------':<{version}} {'----------':<{image}}{self.mode_rule}"
        rows = [self._row(device, member) for member in device.stack.present()]
        return "\n".join((heading, rule, *rows)) + "\n"

    mode_heading = mode_rule = ""

    def _row(self, device: Device, member: Member) -> str:
        model, version, image = self.columns
        star = "*" if member is device.stack.answering else " "
        return (
            f"{star}{member.number:>5} {member.ports:<5} {device.profile.model:<{model}} "
            f"{self.shown_version(device):<{version}} {self.shown_image(device):<{image}}{self.mode(device)}"
        )

    def shown_version(self, device: Device) -> str:
        return xe_release(device.version).xe

    def shown_image(self, device: Device) -> str:
        return device.profile.feature_set

    def mode(self, device: Device) -> str:
        return ""

    def others(self, device: Device) -> str:
        """What is said of each member but the one that answers."""
        model, serial = self.member_details
        return "".join(
            f"\nSwitch {member.number:02d}\n---------\n"
            f"{'Switch Uptime':<32}: {ios_duration(device.uptime)} \n"
            f"{model:<32}: {device.profile.model}\n{serial:<32}: {member.serial}\n"
            for member in device.stack.present()
            if member is not device.stack.answering
        )

    def chassis(self, device: Device) -> str:
        model, serial = self.member_details
        details = f"{model:<32}: {device.profile.model}\n{serial:<32}: {device.stack.answering.serial}\n"
        return f"{self.processor(device)}\n{details}\n\n{self.members_table(device)}\n{self.others(device)}"

    def processor(self, device: Device) -> str:
        raise NotImplementedError

    def switch(self, device: Device) -> str:
        """`show switch`"""
        stack = device.stack
        roles = dict(zip((stack.answering, *(one for one in stack.members if one is not stack.answering)), self.roles))
        rows = "".join(
            f"{'*' if one is stack.answering else ' '}{one.number}       {roles[one]:<8} {one.mac}     "
            f"{16 - one.number:<6} {self.board:<6} {self.states.get(one.state, one.state):<20}\n"
            for one in stack.members
        )
        kept = f" {len(stack.members) + 1}       Member   0000.0000.0000     0      {self.no_board:<6} Provisioned         \n"
        return f"Switch/Stack Mac Address : {stack.members[0].mac}\n{_SWITCH_HEADING}{rows}{kept}"

    roles: tuple[str, ...] = ("Active", "Standby", "Member")
    board, no_board = "V02", ""
    states: Mapping[str, str] = {MISMATCH: "V-Mismatch"}

    def inventory(self, device: Device) -> str:
        model = device.profile.model
        return "\n".join(part(str(one.number), model, model, "V05", one.serial) for one in device.stack.present())

    def boot(self, device: Device) -> str:
        return "".join(
            f"{'-' * 27}\nSwitch {member.number}\n{'-' * 27}\n"
            f"Current Boot Variables:\n{self._variable(device, member)}\n\n"
            f"Boot Variables on next reload:\n{self._variable(device, member)}\n"
            f"Manual Boot = {_yes(member.manual_boot)}\nEnable Break = yes\nBoot Mode = DEVICE\niPXE Timeout = 0\n"
            for member in device.stack.present()
        )

    def _variable(self, device: Device, member: Member) -> str:
        images = "".join(f"{self.boot_name(device, image)};" for image in device.boots(member))
        return f"BOOT variable = {images}" if images else "BOOT variable does not exist"

    def boot_name(self, device: Device, image: str) -> str:
        return f"{device.profile.flash_name}:{image}"

    def directory(self, device: Device, folder: str = "") -> str:
        flash, inside = device.flash, device.flash.within(folder)
        folders = sorted({name.partition("/")[0] for name in inside if "/" in name} | set(self.inner(folder)))
        rows = [directory_row(number, "drwx", 4096, name) for number, name in enumerate(folders, 2)]
        files = [(name, file) for name, file in inside.items() if "/" not in name]
        rows += [directory_row(number, "-rwx", file.size, name) for number, (name, file) in enumerate(files, len(rows) + 2)]
        listing = "".join(rows) or "No files in directory\n"
        return (
            f"Directory of {device.profile.flash_name}:/{folder}\n\n{listing}\n"
            f"{flash.size} bytes total ({flash.free} bytes free)\n"
        )

    def inner(self, folder: str) -> tuple[str, ...]:
        return () if folder else self.folders

    def member_flashes(self, device: Device) -> dict[str, int]:
        members = sorted(device.stack.present(), key=lambda member: member is not device.stack.answering)
        return {
            f"{device.profile.flash_name}{self.dash}{member.number}": 0 if member.flash_full else device.flash.free
            for member in members
        }

    dash = ""

    def flash_prefixes(self, device: Device) -> str:
        return f"{device.profile.flash_name}: {next(iter(self.member_flashes(device)))}:#"

    def boot_line(self, device: Device, image: str) -> str:
        return f"boot system switch all {self.boot_name(device, image)}"


class Catalyst3750(Catalyst):
    """Classic IOS: a path list for each member, whose images are in folders of their own."""

    rom = (
        "Bootstrap program is C3750 boot loader\n"
        "BOOTLDR: C3750 Boot Loader (C3750-HBOOT-M) Version 12.2(44)SE5, RELEASE SOFTWARE (fc1)"
    )
    roles = ("Master", "Member", "Member")
    board = no_board = "0"
    states = {}

    def uptime(self, device: Device) -> str:
        """It does not say why it was reloaded beyond the line that says how it returned."""
        return super().uptime(device).rpartition("Last reload reason")[0]

    def processor(self, device: Device) -> str:
        profile = device.profile
        return (
            f"cisco {profile.model} (PowerPC405) processor (revision E0) with {profile.ram_kb}K bytes of memory.\n"
            f"Processor board ID {device.stack.answering.serial}\nLast reset from power-on\n{interface_counts(device)}"
            "The password-recovery mechanism is enabled.\n\n"
            f"{profile.nvram_kb}K bytes of flash-simulated non-volatile configuration memory.\n"
            f"Base ethernet MAC Address       : {device.stack.members[0].mac}"
        )

    def boot_name(self, device: Device, image: str) -> str:
        """What was written without its file system stays without."""
        return f"{device.profile.flash_name}:/{image}" if "/" in image else image

    def boot(self, device: Device) -> str:
        members = sorted(device.stack.present(), key=lambda member: member is not device.stack.answering)
        return "".join(self._path_list(device, member) for member in members)

    def _path_list(self, device: Device, member: Member) -> str:
        answers = member is device.stack.answering
        heading = "" if answers else f"-------------------\nSwitch {member.number}\n-------------------\n"
        images = ";".join(self.boot_name(device, image) for image in device.boots(member))
        settings = (
            f"BOOT path-list      : {images}\nConfig file         : flash:/config.text\n"
            "Private Config file : flash:/private-config.text\nEnable Break        : no\n"
            f"Manual Boot         : {_yes(member.manual_boot)}\nHELPER path-list    : \n"
            f"Auto upgrade        : {_yes(answers)}\nAuto upgrade path   : \n"
        )
        buffer = (
            f"NVRAM/Config file\n      buffer size:   {device.profile.nvram_kb * 1024}\n"
            "Timeout for Config\n          Download:    0 seconds\n"
            "Config Download \n       via DHCP:       disabled (next boot: disabled)\n"
        )
        return heading + settings + (buffer if answers else "")


class CatalystXe(Catalyst):
    """IOS XE: install mode, and the physical memory beside that of IOS."""

    rom = "IOS-XE ROMMON\nBOOTLDR: System Bootstrap, Version 17.9.2r, RELEASE SOFTWARE (P)"
    columns = (18, 17, 21)
    dash = "-"
    mode_heading, mode_rule = " Mode   ", " ----   "
    member_details = ("Model Number", "System Serial Number")
    folders = (".installer", "core", "dc_profile_dir", "tracelogs")

    def software(self, device: Device) -> str:
        release = xe_release(device.version)
        first = f"Cisco IOS XE Software, Version {release.xe}\n" if release.name else ""
        kind = f"Cisco IOS Software [{release.name}], " if release.name else "Cisco IOS Software, IOS-XE Software, "
        version = f"{release.ios}, " if release.name else f"{release.xe} "
        return (
            f"{first}{kind}Catalyst L3 Switch Software ({device.profile.feature_set}), "
            f"Version {version}RELEASE SOFTWARE (fc2)\n{_COPYRIGHT}Compiled Wed 23-Mar-22 09:12 by mcpre\n"
        )

    def control_processor(self, device: Device) -> Iterator[str]:
        yield f"Uptime for this control processor is {ios_duration(device.uptime + 120)}\n"

    def processor(self, device: Device) -> str:
        profile = device.profile
        memory = (
            f"(X86) processor with {_IOSD_MEMORY_KB}K/6147K bytes of memory."
            if xe_release(device.version).name
            else f"(MIPS) processor with {profile.ram_kb}K bytes of physical memory."
        )
        return (
            f"cisco {profile.model} {memory}\nProcessor board ID {device.stack.answering.serial}\n{interface_counts(device)}"
            f"{profile.nvram_kb}K bytes of non-volatile configuration memory.\n"
            f"{profile.ram_kb}K bytes of physical memory.\n1638400K bytes of Crash Files at crashinfo:.\n"
            f"{profile.flash_bytes // 1024}K bytes of Flash at {profile.flash_name}:.\n0K bytes of WebUI ODM Files at webui:.\n"
        )

    def shown_image(self, device: Device) -> str:
        return device.profile.product

    def mode(self, device: Device) -> str:
        return f" {'INSTALL' if device.profile.install_mode else 'BUNDLE'}"


_IOSD_MEMORY_KB = 1_331_520  # what of the memory IOS has


class Catalyst9300(CatalystXe):
    """Since 17, the boot variables are those of the active switch and of the standby."""

    def boot(self, device: Device) -> str:
        shown = sorted(device.stack.present(), key=lambda member: member is not device.stack.answering)[:2]
        return "\n".join(self._variables(device, member, "Standby " * number) for number, member in enumerate(shown))

    def _variables(self, device: Device, member: Member, prefix: str) -> str:
        lines = (
            self._variable(device, member),
            f"MANUAL_BOOT variable = {_yes(member.manual_boot)}",
            "BAUD variable = 9600",
            "ENABLE_BREAK variable = yes",
            "BOOTMODE variable does not exist",
            "IPXE_TIMEOUT variable does not exist",
            "CONFIG_FILE variable = ",
        )
        return "".join(f"{prefix}{line}\n" for line in lines)
