# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The show commands about the device as a whole, and ping."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from .. import texts
from ..commands import Command
from ..config import Config
from ..grammar import Match
from ..hardware.catalyst import Catalyst
from .system import interface_of

if TYPE_CHECKING:
    from ...profiles import Profile
    from ..shell import Shell

_SHOWN_CERTIFICATE = re.compile(r"^ certificate (ca|self-signed) (\w+)\n(?:  [\dA-F ]+\n)+ +\tquit$", re.MULTILINE | re.ASCII)
_PING_TIMEOUT = 0.2  # seconds for each of five packets; a real device waits two


def _configuration(shell: Shell, config: Config) -> str:
    return "\n".join(config.lines(hide_secrets="hide-passwords" in shell.device.faults)) + "\n"


def _running(shell: Shell, match: Match) -> str:
    device = shell.device
    text = texts.changes(device) + _configuration(shell, device.running)
    return f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n{text}"


def _running_interface(shell: Shell, match: Match) -> str:
    entry = shell.device.running.get("interface", interface_of(match))
    if entry is None:
        return "% Invalid interface\n"
    text = "!\n" + "\n".join(entry.lines(hide_secrets=False)) + "\nend\n"
    return f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n{text}"


def _startup(shell: Shell, match: Match) -> str:
    device = shell.device
    text = texts.changes(device) + _SHOWN_CERTIFICATE.sub(_kept_certificate, _configuration(shell, device.startup))
    return texts.startup_heading(device, len(text)) + text


def _kept_certificate(shown: re.Match[str]) -> str:
    """The startup configuration names the file of a certificate."""
    kind, number = shown.groups()
    return f" certificate {kind} {number} nvram:Certificate#{number[-4:]}{'CA' * (kind == 'ca')}.cer"


def _version(shell: Shell, match: Match) -> str:
    return shell.device.hardware.version(shell.device)


def _inventory(shell: Shell, match: Match) -> str:
    return shell.device.hardware.inventory(shell.device)


def _boot(shell: Shell, match: Match) -> str:
    return shell.device.hardware.boot(shell.device)


def _switch(shell: Shell, match: Match) -> str:
    device = shell.device
    assert isinstance(device.hardware, Catalyst)
    return device.hardware.switch(device)


def _is_stack(profile: Profile) -> bool:
    return bool(profile.members)


def _clock(shell: Shell, match: Match) -> str:
    clock = shell.device.clock
    return f"{clock.shown()}\n" + (f"{clock.origin}\n" if match.has("detail") else "")


def _http_client(shell: Shell, match: Match) -> str:
    return texts.show_http_client(shell.device)


def _interface_brief(shell: Shell, match: Match) -> str:
    return texts.show_ip_interface_brief(shell.device)


def _interfaces(shell: Shell, match: Match) -> str:
    device = shell.device
    wanted = interface_of(match) if match.values else None
    names = [key[1] for key, _entry in device.running.below("interface")]
    if wanted and wanted not in names:
        return "% Invalid interface\n"
    return "".join(texts.show_interface(device, name) for name in ([wanted] if wanted else names))


def _route_summary(shell: Shell, match: Match) -> str:
    return texts.show_ip_route_summary(shell.device)


def _neighbors(shell: Shell, match: Match) -> str:
    return texts.show_cdp_neighbors(shell.device)


def _memory(shell: Shell, match: Match) -> str:
    total = shell.device.profile.ram_kb * 1024
    used = total // 5
    return f"Processor Pool Total: {total:>10} Used: {used:>10} Free: {total - used:>10}\n"


def _logging(shell: Shell, match: Match) -> str:
    return "Syslog logging: enabled\n\nLog Buffer (4096 bytes):\n\n" + "".join(f"{line}\n" for line in shell.device.log_lines)


async def _ping(shell: Shell, match: Match) -> str:
    """Asks whether the host answers, then prints five marks at once."""
    device, host = shell.device, match["host"]
    shell.terminal.write(f"Type escape sequence to abort.\nSending 5, 100-byte ICMP Echos to {host}, timeout is 2 seconds:\n")
    await asyncio.sleep(device.faults.get("slow-ping", 0))
    answers = await device.setup.reachable(device, host)
    if not answers:
        await asyncio.sleep(5 * _PING_TIMEOUT)
        return ".....\nSuccess rate is 0 percent (0/5)\n"
    return "!!!!!\nSuccess rate is 100 percent (5/5), round-trip min/avg/max = 1/1/4 ms\n"


_INTERFACE = "{<interface:interface> | <kind:interface-type> <unit:unit>}"

COMMANDS = (
    Command("privileged", "show running-config [all]", _running),
    Command("privileged", f"show running-config interface {_INTERFACE}", _running_interface),
    Command("privileged", "show startup-config", _startup),
    Command("exec", "show version", _version),
    Command("exec", "show inventory", _inventory),
    Command("exec", "show boot", _boot),
    Command("exec", "show switch", _switch, when=_is_stack),
    Command("exec", "show bootvar", _boot),
    Command("exec", "show clock [detail]", _clock),
    Command("exec", "show ip http client all", _http_client),
    Command("exec", "show ip interface brief", _interface_brief),
    Command("exec", f"show interfaces [{_INTERFACE}]", _interfaces),
    Command("exec", "show ip route summary", _route_summary),
    Command("exec", "show cdp neighbors", _neighbors),
    Command("exec", "show processes memory", _memory),
    Command("exec", "show logging", _logging),
    Command("exec", "ping <host:host>", _ping),
    Command("exec", "ping ip <host:host>", _ping),
)
