# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A device whose methods return what its coroutines return."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, NetworkCli, converse


class Talk:
    """A Device over network_cli, to be used without await."""

    def __init__(self, socket_path="/socket"):
        self._device = Device(NetworkCli(socket_path))

    def __getattr__(self, name):
        method = getattr(self._device, name)
        return lambda *args, **kwargs: converse(method(*args, **kwargs))


class Table:
    """A transport that answers from a table, and with C(unknown) to what is not in it. An exception is raised.

    ``asked``: the commands, without the output filter.
    """

    unknown = "          ^\n% Invalid input detected at '^' marker.\n"

    def __init__(self, answers):
        self.answers = dict(answers)
        self.asked = []

    async def get(self, command, **asking):
        self.asked.append(command.split(" | ")[0])
        said = self.answers.get(command, self.answers.get(self.asked[-1], self.unknown))
        if isinstance(said, Exception):
            raise said
        return said() if callable(said) else said

    async def sleep(self, seconds):
        pass
