# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions to a device that outlive a reload, for the actions that wait."""

from __future__ import annotations

import os
from typing import Any, Optional

from ansible.errors import AnsibleError
from ansible.module_utils.connection import Connection as Rpc
from ansible.module_utils.connection import ConnectionError as TransportError
from ansible.plugins.loader import connection_loader

from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, NetworkCli
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway

INLINE = "cns.image_agent.network_cli"


class Sessions:
    """Opens a session when it is needed and closes it when told.

    The first session is the one of the task, whichever connection plugin it uses. The following ones, which may have to
    wait for a device to boot, are inline whatever the task uses: a helper process that lost its device cannot be
    revived from inside a task.
    """

    def __init__(self, action: Any, door: Door | None = None) -> None:
        """``action``: the action plugin of the task; ``door``: which learns of the secrets of the device."""
        self._play_context = action._play_context
        self._task_uuid = action._task._uuid
        self._door = door
        self._first = action._connection
        self._options = action._connection.get_options()
        self._current: Any = None
        self._device: Optional[Device] = None

    async def device(self) -> Device:
        """Return the Device over the open session, or over a new one."""
        if self._device is None:
            if self._first is None:
                self._current = self._open()
            self._device = Device(NetworkCli((self._first or self._current).socket_path), self._door)
        return self._device

    def is_open(self) -> bool:
        """Whether there is a session that was used before."""
        return self._first is not None or self._current is not None

    async def close(self) -> None:
        """End the session, if one is open."""
        self._device = None
        if self._first is not None:
            first, self._first = self._first, None
            _close_first(first)
        if self._current is not None:
            current, self._current = self._current, None
            current.close()

    def _open(self) -> Any:
        try:
            connection = connection_loader.get(
                INLINE, self._play_context, os.devnull, task_uuid=self._task_uuid, ansible_playbook_pid=os.getppid()
            )
            connection.set_options(direct=self._options)
        except AnsibleError as error:
            raise DeviceAway("No session: %s" % error) from None
        return connection


def _close_first(connection: Any) -> None:
    """Close the task's own session; a helper process is asked to end."""
    if getattr(connection, "force_persistence", False):
        try:
            Rpc(connection.socket_path).reset()
        except TransportError:
            pass  # it has ended already
    else:
        connection.close()
