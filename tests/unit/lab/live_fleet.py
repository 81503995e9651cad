# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The virtual fleet on the loopback network, in a thread of the test, and logins to its devices."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login
from lab.device import Device
from lab.faults import parse_fault
from lab.fleet import Fleet, Options
from lab.server.app import SERVER_PATH

# So that test runs side by side do not meet.
BASE = IPv4Address(f"127.{100 + os.getpid() % 100}.{os.getpid() // 100 % 250}.0")
PORT, SERVER_PORT = 2322, 8180
TRIGGER = "cns image retrieve"


class LiveFleet:
    """Use it as a context. ``faults``: those of each device, R1 first. Blanks separate several, and ~ is a blank in one."""

    def __init__(self, folder: Path, *faults: str, **options: Any) -> None:
        self._folder = folder / "lab"
        self._faults = faults
        self._options = options
        self._ready = threading.Event()
        self._trouble: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> LiveFleet:
        self._thread.start()
        assert self._ready.wait(30) and not self._trouble, self._trouble
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(30)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as trouble:  # for the thread of the test to show
            self._trouble.append(trouble)
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        options: dict[str, Any] = dict(
            devices=len(self._faults), directory=self._folder, profile="ios", algorithms=None, address_base=BASE, port=PORT
        )
        options.update(server_port=SERVER_PORT, https_port=8543, https=False, image_version=None, image_size=4096, catalogue=None)
        options.update(boot_seconds=0.2, kron_minute=60.0, user="lab", login_privilege=15, connection="")
        fleet = Fleet(Options(**{**options, **self._options}))
        self.devices: list[Device] = fleet.devices
        try:
            await fleet.start()
            url = fleet._server.http_url + SERVER_PATH
            for device, faults in zip(fleet.devices, self._faults):
                self._prepare(device, url, faults.split())
            self._ready.set()
            await self._over.wait()
        finally:
            await fleet.stop()
            fleet.run.clean()

    @staticmethod
    def _prepare(device: Device, url: str, faults: list[str]) -> None:
        device.cns.set_image_urls(url, None)
        device.running.set(("cns", "image", "retry"), "cns image retry 1", 1)
        device.save()
        for fault in faults:
            device.set_fault(*parse_fault(fault.replace("~", " ")))

    def login(self, device: Device, **more: Any) -> Login:
        """How to log in."""
        options: dict[str, Any] = dict(
            user="lab", password="lab-password", host_key_checking=False, look_for_keys=False, agent=False
        )
        return Login(device.address, PORT, **{**options, **more})

    def hang(self, device: Device) -> None:
        """From now on nothing answers any more."""
        self._loop.call_soon_threadsafe(device.set_fault, "hang", 0)
        deadline = time.monotonic() + 10
        while device.state != "hung":
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def received(self, device: Device) -> list[str]:
        """The lines that a device received, in order."""
        return [line for _at, _mode, line in device.received]

    def triggers(self) -> list[int]:
        """How often each device was told to retrieve an image."""
        return [self.received(device).count(TRIGGER) for device in self.devices]
