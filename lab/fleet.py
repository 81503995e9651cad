# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet: builds the devices, starts them and the image server, and answers the control channel."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import asyncssh

from . import control
from .agent.image_agent import ImageAgent
from .device import Device, Setup
from .device.ssh import ALGORITHMS, server_options
from .faults import parse_fault
from .inventory import ENABLE_SECRET, IMAGE_PASSWORD, PASSWORD, Access, secret, write_access
from .profiles import Profile, parse_mix
from .rundir import RunDir
from .server.app import SERVER_PATH, STATUS_PATH, ImageServer
from .server.catalogue import DEFAULT_SIZE, Catalogue, CatalogueFile, Image

_SERVER_OFFSET = 0xFF01  # the image server is at .255.1 of the address base
_BACKLOG = 64


@dataclass(frozen=True)
class Options:
    """What `up` was asked for. Sizes in bytes, times in seconds; None: the default of the profile or the server."""

    devices: int
    directory: Path
    profile: str
    algorithms: str | None
    address_base: IPv4Address
    port: int
    server_port: int
    https_port: int
    https: bool
    image_version: str | None
    image_size: int | None
    catalogue: Path | None
    boot_seconds: float | None
    kron_minute: float
    user: str
    login_privilege: int
    connection: str


class Fleet:
    """All devices and the image server, in one process."""

    def __init__(self, options: Options) -> None:
        """ValueError when the options contradict each other."""
        self._options = options
        self.run = RunDir(options.directory)
        self._user_key = asyncssh.generate_private_key("ssh-ed25519", comment="lab")
        setup = Setup(
            listen=self._listen,
            reachable=self._reachable,
            user=options.user,
            password=secret(PASSWORD),
            enable_secret=secret(ENABLE_SECRET),
            login_privilege=options.login_privilege,
            port=options.port,
            authorized_key=self._user_key.convert_to_public(),
            boot_seconds=options.boot_seconds,
            kron_minute=options.kron_minute,
        )
        profiles = parse_mix(options.profile, options.devices)
        self.devices = [
            Device(f"R{number}", str(options.address_base + number), profile, setup, ImageAgent)
            for number, profile in enumerate(profiles, 1)
        ]
        self._by_address = {device.address: device for device in self.devices}
        self._by_name = {device.name: device for device in self.devices}
        generations = {self._algorithms(device) for device in self.devices}
        self._host_keys = {name: ALGORITHMS[name].new_host_key() for name in generations}
        self._ssh = {name: server_options(self._by_address, self._host_keys[name], ALGORITHMS[name]) for name in generations}
        self._catalogue = self._make_catalogue(set(profiles))
        self._server_host = str(options.address_base + _SERVER_OFFSET)
        self._server: ImageServer | None = None
        self._control: asyncio.Server | None = None

    def _algorithms(self, device: Device) -> str:
        return self._options.algorithms or device.profile.algorithms

    def _make_catalogue(self, profiles: set[Profile]) -> Catalogue | CatalogueFile:
        """One newer image for every family, unless the user brought a catalogue."""
        options = self._options
        if options.catalogue:
            return CatalogueFile(options.catalogue)
        images, families = {}, {}
        for profile in profiles:
            version = options.image_version or profile.next_version
            name = profile.image_name(version)
            images[name] = Image(name, version, families=(profile.family,), size=options.image_size or DEFAULT_SIZE)
            families[profile.family] = name
        return Catalogue(images=images, families=families, password=os.environ.get(IMAGE_PASSWORD) or None)

    async def start(self) -> None:
        """Everything listens when this returns. OSError when an address is taken."""
        options = self._options
        self.run.path.mkdir(parents=True, exist_ok=True)
        https_port = options.https_port if options.https else None
        self._server = await ImageServer.start(self._server_host, options.server_port, https_port, self._catalogue, self.run.path)
        for device in self.devices:
            await device.power_on()
        access = Access(options.user, options.port, options.login_privilege, options.connection, _urls(self._server))
        reachable = [(device, self._host_keys[self._algorithms(device)]) for device in self.devices]
        write_access(self.run, reachable, access, self._user_key)
        self._control = await control.serve(self.run.control, self._handle)

    async def stop(self) -> None:
        if self._control:
            self._control.close()
        for device in self.devices:
            device.shut_down()
        if self._server:
            await self._server.stop()

    async def _listen(self, device: Device) -> asyncssh.SSHAcceptor:
        algorithms = self._algorithms(device)
        options = self._ssh[algorithms]
        if "new-host-key" in device.faults:
            options = server_options(self._by_address, ALGORITHMS[algorithms].new_host_key(), ALGORITHMS[algorithms])
        return await asyncssh.listen(device.address, self._options.port, options=options, backlog=_BACKLOG)

    async def _reachable(self, device: Device, host: str) -> bool:
        """Whether `host` answers `device`: another device that is up, or the image server."""
        if host in self._by_address:
            return self._by_address[host].state == "up"
        if host != self._server_host or "server-unreachable" in device.faults:
            return False
        try:
            _reader, writer = await asyncio.open_connection(host, self._options.server_port)
        except OSError:
            return False
        writer.close()
        return True

    # The control channel

    def _handle(self, command: str, arguments: dict[str, Any]) -> Any:
        if command == "status":
            return self._status(**arguments)
        if command == "fault":
            return self._fault(**arguments)
        raise ValueError(f"unknown command {command!r}")

    def _chosen(self, names: list[str]) -> list[Device]:
        if not names or names == ["all"]:
            return self.devices
        if unknown := [name for name in names if name not in self._by_name]:
            raise ValueError(f"there is no device {', '.join(unknown)}")
        return [self._by_name[name] for name in names]

    def _status(self, names: list[str], log: bool = False, reset_log: bool = False) -> dict[str, Any]:
        chosen = self._chosen(names)
        devices = [self._describe(device, log) for device in chosen]
        if reset_log:
            for device in chosen:
                device.received.clear()
        return {
            "pid": os.getpid(),
            "devices": devices,
            "server": {**_urls(self._server), **self._server.report()} if self._server else {},
        }

    def _describe(self, device: Device, log: bool) -> dict[str, Any]:
        described = {
            "name": device.name,
            "hostname": device.hostname,
            "address": device.address,
            "port": self._options.port,
            "profile": device.profile.name,
            "state": device.state,
            "phase": device.image_agent.phase,
            "version": device.version,
            "image": device.running_image,
            "uptime": round(device.uptime),
            "reloads": device.reloads,
            "logins": device.logins,
            "connections": len(device.connections),
            "lines_received": len(device.received),
            "faults": device.faults.shown(),
        }
        if log:
            described["received"] = [{"time": moment, "mode": mode, "line": line} for moment, mode, line in device.received]
        return described

    def _fault(self, names: list[str], faults: list[str], clear: bool) -> dict[str, Any]:
        """Set faults (`name=value`), or clear those named, or all."""
        chosen = self._chosen(names)
        for text in faults if not clear else []:
            parse_fault(text)  # a mistake is told before anything is set
        for device in chosen:
            if clear:
                for name in faults or (None,):
                    device.clear_fault(name)
            for text in faults if not clear else []:
                device.set_fault(*parse_fault(text))
        return {device.name: device.faults.shown() for device in chosen}


def _allow_many_sockets() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def serve(options: Options) -> None:
    """Run a fleet until SIGTERM or SIGINT, then remove its files. ValueError or OSError when it cannot start."""
    _allow_many_sockets()
    fleet = Fleet(options)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        await fleet.start()
        fleet.run.write_process()
        await ended.wait()
    finally:
        await fleet.stop()
        fleet.run.clean()


def _urls(server: ImageServer) -> dict[str, str]:
    """Variables that name the image server."""
    urls = {"lab_server_url": server.http_url + SERVER_PATH, "lab_status_url": server.http_url + STATUS_PATH}
    if server.https_url:
        urls |= {
            "lab_https_server_url": server.https_url + SERVER_PATH,
            "lab_https_status_url": server.https_url + STATUS_PATH,
            "lab_ca_file": str(server.ca_file),
        }
    return urls
