# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module that talks to a device: whatever it returns, warns of, or fails with passes the door."""

from __future__ import annotations

from typing import Any, Type

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils import secret
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, NetworkCli, converse
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError

# Modules hand over the AnsibleModule of their own namespace: the action of ansible.netcommon puts another one there, with which
# the module runs inside the worker, and runs a module without one in a Python of its own, which takes five times as long.
Base = Type[AnsibleModule]


class CnsModule(AnsibleModule):
    """The module that runs; made by C(module)."""

    params: dict[str, Any]

    def __init__(self, **spec: Any) -> None:
        self.door = Door()  # before options are read, which may end in an error
        super().__init__(**spec)
        self.door.learn(self.params)
        self.door.keep(self.params.get("target_version"), self.params.get("target_image"))
        secret.conceal_url_passwords(self, self.params)

    def device(self) -> Device:
        """The device of the task, which tells the door of its secrets."""
        return Device(NetworkCli(self._socket_path), self.door)

    def converse(self, conversation: Any) -> Any:
        """What a conversation with the device returns; an error of it ends the module."""
        try:
            return converse(conversation)
        except CnsError as error:
            self.fail_json(msg=error.message, **error.details)

    def warn(self, warning: str) -> None:
        """Tell people."""
        super().warn(self.door.line(warning))

    def exit_json(self, **result: Any) -> None:
        """End well."""
        super().exit_json(**self.door.data(result))

    def fail_json(self, msg: str, **details: Any) -> None:  # type: ignore[override]
        """Fail, with the options masked as well, which may not even have been understood."""
        self.params = self.door.data(self.params)
        super().fail_json(msg=self.door.text(msg), **self.door.data(details))


def module(base: Base, kind: type[CnsModule] = CnsModule, **spec: Any) -> CnsModule:
    """A module with this argument spec, and what else AnsibleModule takes."""
    return type("Module", (kind, base), {})(**spec)
