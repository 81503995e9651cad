# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible knows of other devices than the one for which an action runs: their variables, options and logins."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from ansible import constants as C
from ansible.executor.process import worker
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import become_loader, connection_loader
from ansible.template import Templar

from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login, Unsupported, login_from

_NAME = re.compile(r"\{\{ *(\w+) *\}\}")
_LISTS_OF_HOSTS = ("ansible_play_hosts_all", "ansible_play_hosts", "ansible_play_batch", "play_hosts")
INLINE = "cns.image_agent.network_cli"
_ENABLE = "ansible.netcommon.enable"


class Device:
    """One device of the play, as the variables of the inventory, the play and the command line have it."""

    def __init__(self, hosts: Hosts, name: str, variables: dict[str, Any]):
        self.name = name
        self._hosts = hosts
        self._templar = Templar(loader=hosts.loader, variables=variables)
        self._variables = variables

    @property
    def variables(self) -> Mapping[str, Any]:
        """All variables of the device, as they were written."""
        return self._variables

    def variable(self, name: str, default: Any = None) -> Any:
        """The value of a variable of the device, with its templates resolved."""
        value = self._variables.get(name, default)
        return self._templar.template(value) if isinstance(value, (dict, list)) or self._templar.is_template(value) else value

    def names(self) -> Iterable[str]:
        """The names of all variables of the device."""
        return self._variables

    def options(self, names: Container[str]) -> dict[str, Any]:
        """Those arguments of the task that are in ``names``, resolved with the variables of the device.

        What is empty was not given: a variable that is not set in a role is an empty text.
        """
        own = {name: self._resolved(raw) for name, raw in self._hosts.raw.items() if name in names}
        shared = {name: value for name, value in self._hosts.given.items() if name in names and name not in own}
        return {name: value for name, value in {**shared, **own}.items() if value != "" and value is not None}

    def _resolved(self, raw: Any) -> Any:
        """A mere name is looked up, which takes a hundredth of the time of a template."""
        name = _NAME.fullmatch(raw) if isinstance(raw, str) else None
        if name and name[1] in self._variables:
            return self.variable(name[1])
        return self._templar.template({"value": raw}).get("value")

    def login(self) -> Login:
        """How to log in to the device. Raises InputError, which names the variable that is wrong."""
        connection = str(self.variable("ansible_connection") or self._hosts.play_connection)
        if connection.rsplit(".", maxsplit=1)[-1] != "network_cli":
            raise InputError(
                "%s: ansible_connection is %s, and this needs network_cli: set ansible_connection to %s. Nothing was sent."
                % (self.name, connection, INLINE)
            )
        context = self._hosts.play_context.set_task_and_variable_override(
            task=self._hosts.task, variables=_Resolved(self), templar=self._templar
        )
        keys = self._hosts.task_keys(context)
        options = self._plugin_options("connection", self._hosts.connection_name, keys)
        try:
            return login_from(
                options,
                host=str(context.remote_addr or self.name),
                port=context.port,
                user=context.remote_user,
                password=context.password or None,
                private_key_file=context.private_key_file,
                enable=bool(context.become),
                enable_secret=self._enable_secret(context, keys),
            )
        except Unsupported as error:
            raise InputError("%s: %s Nothing was sent." % (self.name, error)) from None

    def _enable_secret(self, context: Any, keys: dict[str, Any]) -> str | None:
        if not context.become:
            return None
        if context.become_method and context.become_method.split(".")[-1] != "enable":
            raise InputError(
                "%s: ansible_become_method is %s, and IOS knows enable: set ansible_become_method: ansible.netcommon.enable. "
                "Nothing was sent." % (self.name, context.become_method)
            )
        given = {"become_pass": context.become_pass} if context.become_pass else {}
        return self._plugin_options("become", self._hosts.enable_name, {**keys, **given}).get("become_pass")

    def _plugin_options(self, kind: str, name: str, keys: Mapping[str, Any]) -> dict[str, Any]:
        variables = {name: self.variable(name) for name in self._hosts.plugin_variables(kind, name) if name in self._variables}
        return C.config.get_plugin_options(kind, name, keys=keys, variables=variables)


class Hosts:
    """The devices of the play of an action."""

    def __init__(self, action: ActionBase, task_vars: Mapping[str, Any]):
        self.task = action._task
        self.loader = action._loader
        self.given = dict(action._task.args)
        self.raw = _raw_arguments(action._task)
        self.own_name = str(task_vars["inventory_hostname"])
        self._task_vars = task_vars
        self._manager = task_vars["hostvars"]._variable_manager
        self._inventory = task_vars["hostvars"]._inventory
        self._play = action._task.get_play()
        self._devices: dict[str, Device] = {}
        self._plugin_variables: dict[tuple[str, str], list[str]] = {}
        # The task's own has been changed to suit its host; that of the worker is as the command line made it.
        self.play_context = getattr(worker.current_worker, "_play_context", action._play_context)
        self.play_connection = action._task.connection or INLINE
        connection = connection_loader.get(INLINE, class_only=True)
        self.connection_name = connection._load_name
        self.enable_name = become_loader.get(_ENABLE, class_only=True)._load_name  # options are known by this name only

    def device(self, name: str) -> Device:
        """A host of the inventory, by its exact name. Raises InputError."""
        if name not in self._devices:
            self._devices[name] = self._read(name)
        return self._devices[name]

    def forget(self) -> None:
        """Let go of the variables of all devices, which take more memory than their sessions. They can be read again."""
        self._devices.clear()

    def _read(self, name: str) -> Device:
        host = self._inventory.get_host(name)
        if host is None:
            raise InputError("There is no host %s in the inventory. Nothing was sent." % name)
        variables = self._manager.get_vars(
            play=self._play,
            host=host,
            task=self.task,
            _hosts=self._task_vars.get("ansible_play_hosts"),
            _hosts_all=self._task_vars.get("ansible_play_hosts_all"),
        )
        self._share_lists_of_hosts(variables)
        # What the task alone has, such as the variable of a loop
        return Device(self, host.name, {**self._task_vars, **variables})

    def _share_lists_of_hosts(self, variables: dict[str, Any]) -> None:
        """Put the lists of the task in place of those of the device: one for each device takes the square of their number."""
        lists = {name: self._task_vars[name] for name in _LISTS_OF_HOSTS if name in self._task_vars}
        for own in (variables, variables.get("vars", {})):
            own.update(lists)

    def plugin_variables(self, kind: str, name: str) -> list[str]:
        """The names of the variables that a plugin has its options from."""
        if (kind, name) not in self._plugin_variables:
            self._plugin_variables[kind, name] = list(C.config.get_plugin_vars(kind, name))
        return self._plugin_variables[kind, name]

    def task_keys(self, context: Any) -> dict[str, Any]:
        """What core hands to a connection plugin beside the variables."""
        keys = {name: getattr(context, name) for name in ("remote_user", "port", "timeout", "password")}
        return {name: value for name, value in keys.items() if value not in (None, "")}


class _Resolved(Mapping):
    """The variables of a device, each with its templates resolved once it is asked for."""

    def __init__(self, device: Device):
        self._device = device

    def __getitem__(self, name: str) -> Any:
        if name not in self._device._variables:
            raise KeyError(name)
        return self._device.variable(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._device._variables)

    def __len__(self) -> int:
        return len(self._device._variables)


def _raw_arguments(task: Any) -> dict[str, Any]:
    """The arguments of a task as they stand in its file, before they were resolved for the host of the task."""
    source = task.get_ds() or {}
    written = source.get(task.action, source.get(task.action.split(".")[-1]))
    return dict(written) if isinstance(written, dict) else {}
