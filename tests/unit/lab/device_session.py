# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A virtual device and a session on it, without the network."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from lab.agent.image_agent import ImageAgent
from lab.device import Device, Setup
from lab.device.shell import Shell
from lab.device.terminal import Disconnected, Terminal
from lab.profiles import PROFILES


async def _listen(device):
    return SimpleNamespace(close=lambda: None)


async def _reachable(device, host):
    return host == "10.0.0.1"


def make_device(profile="ios", **setup):
    """A device that reboots at once. `10.0.0.1` is all it can reach."""
    settings = {
        "listen": _listen,
        "reachable": _reachable,
        "user": "lab",
        "password": "login-pw",
        "enable_secret": "enable-pw",
        "login_privilege": 15,
        "port": 2222,
        "boot_seconds": 0.01,
        "shutdown_seconds": 0,
        "kron_minute": 0.02,
    }
    return Device("R1", "127.0.0.1", PROFILES[profile], Setup(**{**settings, **setup}), ImageAgent)


class Session:
    """Types keys into a shell and reads what the device prints."""

    def __init__(self, device, privilege=15):
        self.device = device
        self.printed = ""
        self.terminal = Terminal(self._print)
        self.terminal.length = 0
        self.shell = Shell(device, self.terminal, "lab", privilege)
        self.task = asyncio.create_task(self._serve())
        device.add_session(self.shell, self.task)

    def _print(self, data):
        self.printed += data.decode()

    async def _serve(self):
        try:
            await self.shell.run()
        except Disconnected:
            self.printed += "<disconnected>"

    async def type(self, keys, pause=0.0):
        """Send keys as they are; what the device printed until it waits for more."""
        self.printed = ""
        self.terminal.feed(keys.encode())
        await asyncio.sleep(pause)
        for _turn in range(20):
            await asyncio.sleep(0)
        return self.printed.replace("\r\n", "\n")

    async def send(self, *lines):
        """Send lines; the answer to the last, without its echo and the prompt after it."""
        answer = ""
        for line in lines:
            answer = await self.type(f"{line}\r")
        return answer.partition("\n")[2].rpartition(self.shell.prompt)[0]

    async def configure(self, *lines):
        """Send configuration lines; whatever the device printed about them."""
        await self.send("configure terminal")
        answers = [await self.send(line) for line in lines]
        await self.send("end")
        return "".join(answers)

    async def cns_lines(self):
        shown = await self.send("show running-config | include cns")
        return shown.splitlines()


def with_session(scenario, profile="ios", privilege=15, **setup):
    """Run `scenario(session)` on a fresh device."""

    async def run():
        device = make_device(profile, **setup)
        await device.power_on()
        try:
            session = Session(device, privilege)
            await session.type("")
            return await scenario(session)
        finally:
            device.shut_down()

    return asyncio.run(run())
