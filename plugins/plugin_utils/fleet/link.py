# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What reaches a device from the engine: SSH sessions over asyncssh, one at a time, for as long as each lasts."""

from __future__ import annotations

import asyncio
from typing import Any, Optional

from ansible.plugins.loader import terminal_loader

from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, Rejected
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, InputError
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline import errors
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.files import Files
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.session import Session
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.terminal import Terminal, terminal_from


def ios_terminal() -> Terminal:
    """How IOS prompts, and how its errors look, from its terminal plugin. Raises InputError if that is not installed."""
    plugin = terminal_loader.get("cisco.ios.ios", class_only=True)
    if plugin is None:
        raise InputError("The collection cisco.ios is not installed. Nothing was sent.")
    return terminal_from(plugin)


class Wire:
    """The transport of a device over one session."""

    def __init__(self, session: Session):
        self._session = session
        self.lost = False  # the session is of no use any more

    async def get(self, command: str, **asking: Any) -> str:
        """Return the answer to ``command``. Raises Rejected and DeviceAway."""
        try:
            return await self._session.get(command, **asking)
        except errors.Rejected as rejected:
            raise Rejected(rejected.said) from None
        except errors.SessionLost as lost:
            self.lost = True
            raise DeviceAway("No answer to %r: %s" % (command, lost)) from None

    async def sleep(self, seconds: float) -> None:
        """Pause."""
        await asyncio.sleep(seconds)


class SshLink:
    """Opens a session when one is needed.

    ``gate`` bounds how many logins are in progress at a time; ``door`` learns of the secrets of the device.
    """

    def __init__(self, login: Login, terminal: Terminal, files: Files, gate: asyncio.Semaphore, door: Optional[Door] = None):
        self._login = login
        self._terminal = terminal
        self._files = files
        self._gate = gate
        self._door = door
        self._session: Optional[Session] = None
        self._wire: Optional[Wire] = None
        self._device: Optional[Device] = None

    async def device(self) -> Device:
        """The device over the open session, or over a new one. Raises DeviceAway."""
        if self._wire is not None and self._wire.lost:
            await self.close()
        if self._device is None:
            async with self._gate:
                try:
                    self._session = await Session.open(self._login, self._terminal, self._files)
                except errors.SessionLost as lost:
                    raise DeviceAway(str(lost)) from None
            self._wire = Wire(self._session)
            self._device = Device(self._wire, self._door)
        return self._device

    def is_open(self) -> bool:
        """Whether there is a session that was used before."""
        return self._session is not None

    async def close(self) -> None:
        """End the session, if one is open."""
        session, self._session, self._wire, self._device = self._session, None, None, None
        if session is not None:
            await session.close()
