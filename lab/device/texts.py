# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The longer texts that show commands print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .config import Entry

if TYPE_CHECKING:
    from .device import Device


def changes(device: Device) -> str:
    """The remarks at the head of a configuration: when it was changed, and when it was saved."""
    changed = f"Last configuration change at {device.changed}" if device.changed else "No configuration change since last restart"
    saved = f"! NVRAM config last updated at {device.saved}\n" if device.saved else ""
    return f"!\n! {changed}\n{saved}"


def startup_heading(device: Device, size: int) -> str:
    """How much of the NVRAM the startup configuration takes; compressed it takes a third."""
    profile = device.profile
    total = profile.nvram_kb * 1024 if profile.ios_xe else (profile.nvram_kb + 1) * 1024 - 8
    if not profile.habits.compress_config:
        return f"Using {size} out of {total} bytes\n"
    return (
        f"Using {size // 3} out of {total} bytes, uncompressed size = {size} bytes\n"
        f"Uncompressed configuration from {size // 3} bytes to {size} bytes\n"
    )


def compressed(device: Device) -> str:
    """What a device says of the configuration that it has saved, if it compresses that."""
    if not device.profile.habits.compress_config:
        return ""
    size = sum(len(line) + 1 for line in device.startup.lines())
    return f"  Compressed configuration from {size} bytes to {size // 3} bytes"


def prompt_timestamp(device: Device) -> str:
    """What `exec prompt timestamp` puts in front of what a show command prints."""
    load = "Load for five secs: 1%/0%; one minute: 2%; five minutes: 3%"
    return f"{load}\n{device.clock.origin}, {device.clock.shown()}\n\n"


def show_http_client(device: Device) -> str:
    """In the form of the release: IOS XE indents what belongs to a heading."""
    margin = " " if device.profile.ios_xe else ""
    transfers = device.image_agent.transfers()
    settings = [
        "Persistent connection = enabled (default)",
        "Connection establishment timeout = 10s (default)",
        "Connection idle timeout = 30s (default)",
        "Maximum number of connection establishment retries = 1 (default)",
        "Maximum http client connections per host : 2",
        "HTTP secure client capability: Present",
        *_http_settings(device),
        "local-ipaddress:port   remote-ipaddress:port  in-bytes    out-bytes",
        *(f"{one.local:<22} {one.remote:<22} {one.in_bytes:<11} {one.out_bytes}" for one in transfers),
    ]
    return (
        f"HTTP client status: Enabled\n\n{_HTTP_APPLICATIONS}\nHTTP client current connections:\n"
        + "".join(f"{margin}{line}\n" for line in settings)
        + f"\nTotal client connections : {len(transfers)}\n\nHTTP client cache:\n"
        f"{margin}Maximum Memory size for cache : 100000 bytes (default)\n{margin}Cache Ager interval    : 5 minutes (default)\n"
    )


def _http_settings(device: Device) -> Iterator[str]:
    if source := device.running.data("ip-http", "source"):
        yield f"HTTP client source interface: {source}"
    if trustpoint := device.running.data("ip-http", "trustpoint"):
        yield f"HTTP secure client trustpoint: {trustpoint}"


_HTTP_APPLICATIONS = """HTTP client application session modules:
 Id             : 1
 Application Name : HTTP CFS
 Version        : HTTP/1.1
 Persistent     : non-persistent
 Response-timeout : 0
 Retries        : 0
 Proxy          :

 Id             : 2
 Application Name : CNS IMAGE AGENT
 Version        : HTTP/1.1
 Persistent     : non-persistent
 Response-timeout : 0
 Retries        : 0
 Proxy          :
"""


def _state(device: Device, name: str, entry: Entry | None) -> tuple[str, str]:
    """Of the interface, and of its line protocol."""
    if entry is None or ("shutdown",) in (entry.children or {}):
        return "administratively down", "down"
    return ("down", "down") if name in device.down else ("up", "up")


def show_ip_interface_brief(device: Device) -> str:
    lines = ["Interface                  IP-Address      OK? Method Status                Protocol"]
    for (_interface, name), entry in device.running.below("interface"):
        address = device.interface_address(name) or "unassigned"
        method = "NVRAM" if address != "unassigned" else "unset"
        status, protocol = _state(device, name, entry)
        lines.append(f"{name:<26} {address:<15} YES {method:<6} {status:<21} {protocol}")
    return "\n".join(lines) + "\n"


def show_interface(device: Device, name: str) -> str:
    entry = device.running.get("interface", name)
    status, protocol = _state(device, name, entry)
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
        1
        for (_key, name), entry in device.running.below("interface")
        if device.interface_address(name) and _state(device, name, entry)[0] == "up"
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
    port = next(name for name in device.profile.interfaces if not name.startswith("Vlan")).replace("GigabitEthernet", "Gig ")
    return f"""Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge
                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone,
                  D - Remote, C - CVTA, M - Two-port Mac Relay

Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID
lab-switch       {port:<17} 142              S I   WS-C2960  Gig 0/1

Total cdp entries displayed : 1
"""
