# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the actions that upgrade against a device that is played from a list, with a clock of its own."""

from __future__ import annotations

import copy
import importlib
from types import SimpleNamespace
from unittest import mock

from ansible_collections.cns.image_agent.plugins.module_utils import device as device_file
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import upgrade as upgrade_action
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import attempt as attempt_file
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import FakeConnection

AWAY = DeviceAway("No answer to 'show version': it is booting.")


def observed(version="15.4(3)M", up=86400, started=None, ended=None, word=None, failed=0, agent=True):
    """One look at the device."""
    last = {"started": started, "ended": ended, "status": word}
    return {
        "version": version,
        "xe_version": None,
        "image_file": "flash:%s.bin" % version,
        "uptime_seconds": up,
        "restarted_at": None,
        "reload_reason": None,
        "status": {"last_upgrade": last, "failed": failed, "successful": 0, "messages_received": 0} if agent else None,
        "connections": None,
        "asked_at": 0.0,
    }


class Clock:
    """Only sleeping moves it."""

    def __init__(self):
        self.now = 1000.0

    def time(self):
        return self.now

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Bench:
    """The parts that an action is given, and what it did with them.

    ``looks``: what the device says each time it is asked, the last one for ever; an exception is raised.
    """

    def __init__(self, monkeypatch, looks, **device):
        self.looks = list(looks)
        self.connection = FakeConnection(**device)
        self.connection.answers.setdefault("cns image retrieve", "")
        self.clock = Clock()
        self.retry = 60
        self.open_sessions = self.sessions = 0
        self.warnings = []
        monkeypatch.setattr(device_file, "Connection", lambda socket_path: self.connection)
        monkeypatch.setattr(upgrade_action, "Sessions", self._of)
        monkeypatch.setattr(attempt_file, "observe", self.observe)
        monkeypatch.setattr(attempt_file, "retry_of", self.retry_of)
        monkeypatch.setattr(upgrade_action, "time", self.clock)
        monkeypatch.setattr(upgrade_action, "random", SimpleNamespace(random=lambda: 0.5))

    @property
    def commands(self):
        """What was sent to it but for questions."""
        return [command for command in self.connection.sent if not command.startswith("show ")]

    # -- as Sessions

    def _of(self, _action, door):
        self._door = door
        return self

    async def device(self):
        if not self.open_sessions:
            self.open_sessions += 1
            self.sessions += 1
        return device_file.Device(device_file.NetworkCli("/socket"), self._door)

    def is_open(self):
        return bool(self.open_sessions)

    async def close(self):
        self.open_sessions = 0

    # -- as the device

    async def observe(self, _device, _clock, recall=False):
        return self.look()

    async def retry_of(self, _device):
        return self.retry

    def look(self):
        said = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(said, Exception):
            raise said
        return copy.deepcopy(said)

    # -- as Ansible

    def run(self, name, check=False, connection="cns.image_agent.network_cli", delegate_to=None, **options):
        """Run the action; return its result."""
        action = importlib.import_module("ansible_collections.cns.image_agent.plugins.action." + name)
        task = mock.Mock(
            args=options, action="cns.image_agent." + name, async_val=0, check_mode=check, diff=True, delegate_to=delegate_to
        )
        play_context = SimpleNamespace(connection=connection, remote_addr="127.0.0.9")
        module = action.ActionModule(task, mock.Mock(), play_context, mock.Mock(), mock.Mock(), mock.Mock())
        module._display = SimpleNamespace(warning=self.warnings.append)
        result = module.run(task_vars={"inventory_hostname": "R1"})
        assert not self.open_sessions, "a session is left open"
        return result
