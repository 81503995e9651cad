# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files: dir, show file systems, delete, verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..commands import Command
from ..flash import FlashFile
from ..grammar import CliError, Match
from ..hardware.isr_g2 import IsrG2
from ..hardware.plain import file_row

if TYPE_CHECKING:
    from ...profiles import Profile
    from ..device import Device
    from ..shell import Shell


def _is_isr_g2(profile: Profile) -> bool:
    return profile.hardware == "isr-g2"


def _flash_names(shell: Shell) -> set[str]:
    device = shell.device
    return {"flash", "flash0", device.profile.flash_name, *device.hardware.member_flashes(device)}


def _file(shell: Shell, name: str) -> FlashFile:
    system, _colon, path = name.rpartition(":")
    file = shell.device.flash.files.get(path.lstrip("/"))
    if file is None or (system and system not in _flash_names(shell)):
        raise CliError(f"%Error opening {name} (No such file or directory)")
    return file


def _dir(shell: Shell, match: Match) -> str:
    system, colon, path = match.get("path", "").partition(":")
    folder = path.strip("/") + "/"
    if system in _flash_names(shell) and any(name.startswith(folder) for name in shell.device.flash.files):
        return _named(shell.device, system, folder)
    if colon and (system not in _flash_names(shell) or path.strip("/")):
        if system not in _flash_names(shell):
            return f"%Error opening {match['path']} (No such device)"
        return f"Directory of {match['path']}\n\n{file_row(1, _file(shell, match['path']))}"
    return _named(shell.device, system)


def _named(device: Device, system: str, folder: str = "") -> str:
    """A listing, under the name of the file system that was asked for if that is the flash of a member."""
    listing = device.hardware.directory(device, folder)
    if system not in device.hardware.member_flashes(device):
        return listing
    return listing.replace(f"Directory of {device.profile.flash_name}:", f"Directory of {system}:", 1)


def _flash(shell: Shell, match: Match) -> str:
    return IsrG2.flash_table(shell.device)


def _file_systems(shell: Shell, match: Match) -> str:
    device = shell.device
    flash, nvram, members = device.flash, device.profile.nvram_kb * 1024, device.hardware.member_flashes(device)
    rows = [
        ("-", "-", "opaque", "rw", "archive:"),
        ("-", "-", "opaque", "rw", "system:"),
        ("-", "-", "opaque", "rw", "null:"),
        ("-", "-", "network", "rw", "tftp:"),
        (flash.size, flash.free, "disk", "rw", device.hardware.flash_prefixes(device)),
        *((flash.size, free, "flash", "rw", f"{name}:") for name, free in list(members.items())[1:]),
        (nvram, nvram - 4096, "nvram", "rw", "nvram:"),
        ("-", "-", "network", "rw", "http:"),
        ("-", "-", "network", "rw", "https:"),
        ("-", "-", "opaque", "ro", "cns:"),
    ]
    shown = "".join(
        f"{'*' if kind == 'disk' else ' '}{size:>14} {free:>14} {kind:>10} {access:>6}   {name}\n"
        for size, free, kind, access, name in rows
    )
    return f"File Systems:\n\n      Size(b)        Free(b)       Type  Flags  Prefixes\n{shown}"


async def _delete(shell: Shell, match: Match) -> str:
    name = match["path"]
    if not match.has("/force"):
        typed = await shell.ask(f"Delete filename [{name.rpartition(':')[2]}]? ")
        if typed is None or not await shell.confirm(f"Delete {name}? [confirm]"):
            return ""
    shell.device.flash.remove(_file(shell, name).name)
    return ""


def _verify(shell: Shell, match: Match) -> str:
    file = _file(shell, match["path"])
    wanted = match.get("md5")
    if wanted is None:
        return f"{'.' * 20}Done!\nverify /md5 ({match['path']}) = {file.md5}\n"
    verdict = "Verified" if wanted.lower() == file.md5 else "%Error verifying"
    return f"{'.' * 20}Done!\n{verdict} ({match['path']}) = {file.md5}\n"


COMMANDS = (
    Command("exec", "dir [<path>]", _dir),
    *(Command("exec", f"show {name}", _flash, when=_is_isr_g2) for name in ("flash", "flash:", "flash0:")),
    Command("exec", "show file systems", _file_systems),
    Command("privileged", "delete [/force] <path>", _delete),
    Command("privileged", "verify /md5 <path> [<md5>]", _verify),
)
