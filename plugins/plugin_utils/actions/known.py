# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door of an action: what it knows of the secrets of its login, in its options, and in the variables of a host."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door, is_secret_name
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login

_NAMES = ("inventory_hostname", "inventory_hostname_short", "ansible_host")
_TARGETS = ("target_version", "target_image", "hosts", "image_id")
_OF_CONNECTION = ("password", "private_key_passphrase")
_OF_CONTEXT = ("password", "become_pass")


def door_of(action: ActionBase, task_vars: Mapping[str, Any]) -> Door:
    """The door of a task."""
    arguments = dict(action._task.args) if isinstance(action._task.args, Mapping) else {}
    door = Door(names=[task_vars.get(name) for name in _NAMES] + [action._task.delegate_to])
    door.hide(*(getattr(action._play_context, name, None) for name in _OF_CONTEXT), *_options_of(action._connection))
    door.learn(arguments)
    door.learn(telling(task_vars, lambda name: action._templar.template(task_vars[name])))
    keep(door, arguments)
    door.keep(*(task_vars.get("groups") or {}).get("all", ()))
    return door


def keep(door: Door, options: Mapping[str, Any]) -> None:
    """What options name is told as it is."""
    for name in _TARGETS:
        value = options.get(name)
        door.keep(*(value if isinstance(value, list) else [value]))
    for target in options.get("targets") or ():
        if isinstance(target, dict):
            door.keep(target.get("version"), target.get("image"))


def telling(variables: Mapping[str, Any], resolved: Callable[[str], Any]) -> dict[str, Any]:
    """Those of the variables that hold a secret, or a URL."""
    found = {}
    for name, value in variables.items():
        if isinstance(value, str) and (is_secret_name(name) or "://" in value):
            with contextlib.suppress(AnsibleError):  # one that cannot be resolved is a secret of nobody
                found[name] = resolved(name)
    return found


def secrets_of(login: Login) -> list[str | None]:
    """Every secret of a login, and of the hosts on the way."""
    return [login.password, login.passphrase, login.enable_secret, *(answer for _question, answer in login.answers)]


def _options_of(connection: Any) -> list[Any]:
    found = []
    for name in _OF_CONNECTION:
        with contextlib.suppress(KeyError, AttributeError, AnsibleError):
            found.append(connection.get_option(name))
    return found
