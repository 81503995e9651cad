# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The longer texts that show commands print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .clock import ios_duration, ios_time_short
from .config import Entry

if TYPE_CHECKING:
    from .device import Device


def register(device: Device) -> str:
    """`0x2102`, or `0x2102 (will be 0x2142 at next reload)`"""
    text = f"0x{device.config_register:X}"
    if device.next_config_register != device.config_register:
        text += f" (will be 0x{device.next_config_register:X} at next reload)"
    return text


def software_lines(device: Device) -> str:
    """The first lines of `show version`, which name software and release."""
    profile = device.profile
    xe = f"Cisco IOS XE Software, Version {device.version}\n" if profile.ios_xe else ""
    return (
        f"{xe}Cisco IOS Software, {profile.product} Software ({profile.feature_set}), "
        f"Version {device.version}, RELEASE SOFTWARE (fc1)\n"
        "Technical Support: http://www.cisco.com/techsupport\n"
        "Copyright (c) 1986-2022 by Cisco Systems, Inc.\n"
        "Compiled Wed 23-Mar-22 09:12 by prod_rel_team\n"
    )


def show_version(device: Device) -> str:
    profile = device.profile
    returned = "power-on" if device.reload_reason == "power-on" else "reload"
    when = f" at {ios_time_short(device.reload_time)}" if device.reload_time else ""
    flash = profile.flash_bytes // 1024
    counts = _interface_counts(device)
    return f"""{software_lines(device)}
ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)

{device.hostname} uptime is {ios_duration(device.uptime)}
System returned to ROM by {returned}{when}
System restarted at {ios_time_short(device.booted_at())}
System image file is "{device.running_image}"
Last reload reason: {device.reload_reason}


This product contains cryptographic features and is subject to United
States and local country laws governing import, export, transfer and
use.

cisco {profile.model} ({profile.family.upper()}) processor (revision 1.0) with {profile.ram_kb}K/6147K bytes of memory.
Processor board ID {device.serial}
{counts}{profile.nvram_kb}K bytes of non-volatile configuration memory.
{flash}K bytes of flash memory at {profile.flash_name}:.

Configuration register is {register(device)}

"""


def _interface_counts(device: Device) -> str:
    counts: dict[str, int] = {}
    for name in device.profile.interfaces:
        kind = name.rstrip("0123456789/.")
        counts[kind] = counts.get(kind, 0) + 1
    spelled = {"GigabitEthernet": "Gigabit Ethernet", "Vlan": "Virtual Ethernet"}
    return "".join(f"{count} {spelled.get(kind, kind)} interface{'' if count == 1 else 's'}\n" for kind, count in counts.items())


def show_http_client(device: Device) -> str:
    source = device.running.data("ip-http", "source") or "not configured"
    trustpoint = device.running.data("ip-http", "trustpoint") or "not configured"
    return f"""HTTP client status: Enabled

HTTP client application session modules:
 Id             : 1
 Application Name : CNS IMAGE AGENT
 Version        : HTTP/1.1
 Persistent     : non-persistent
 Response-timeout : 0
 Retries        : 0
 Proxy          :

HTTP client current connections:

HTTP client configuration:
 Source interface : {source}
 Secure trustpoint : {trustpoint}
"""


def _is_up(entry: Entry | None) -> bool:
    return entry is not None and ("shutdown",) not in (entry.children or {})


def show_ip_interface_brief(device: Device) -> str:
    lines = ["Interface                  IP-Address      OK? Method Status                Protocol"]
    for (_interface, name), entry in device.running.below("interface"):
        address = device.interface_address(name) or "unassigned"
        method = "NVRAM" if address != "unassigned" else "unset"
        status, protocol = ("up", "up") if _is_up(entry) else ("administratively down", "down")
        lines.append(f"{name:<26} {address:<15} YES {method:<6} {status:<21} {protocol}")
    return "\n".join(lines) + "\n"


def show_interface(device: Device, name: str) -> str:
    entry = device.running.get("interface", name)
    status, protocol = ("up", "up") if _is_up(entry) else ("administratively down", "down")
    mac = device.mac_address(name)
    address = device.interface_address(name)
    shown = f"  Internet address is {address}/8\n" if address else ""
    return (
        f"{name} is {status}, line protocol is {protocol}\n"
        f"  Hardware is CN Gigabit Ethernet, address is {mac} (bia {mac})\n{shown}"
        "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,\n     reliability 255/255, txload 1/255, rxload 1/255\n"
    )


def show_ip_route_summary(device: Device) -> str:
    connected = sum(
        1 for (_key, name), entry in device.running.below("interface") if device.interface_address(name) and _is_up(entry)
    )
    total = 2 * connected
    return f"""IP routing table name is default (0x0)
IP routing table maximum-paths is 32
Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)
connected       {connected:<11} {connected:<11} 0           {total * 64:<11} {total * 144}
static          0           0           0           0           0
internal        1                                               440
Total           {connected + 1:<11} {connected:<11} 0           {total * 64:<11} {total * 144 + 440}
"""


def show_cdp_neighbors(device: Device) -> str:
    """One neighbour: the switch that all devices of the lab seem to hang on."""
    port = device.profile.interfaces[0].replace("GigabitEthernet", "Gig ")
    return f"""Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge
                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone,
                  D - Remote, C - CVTA, M - Two-port Mac Relay

Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID
lab-switch       {port:<17} 142              S I   WS-C2960  Gig 0/1

Total cdp entries displayed : 1
"""
