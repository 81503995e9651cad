# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Import what an inline connection needs once per run, not once per task and device."""

from __future__ import annotations

import importlib
from typing import Any

from ansible.plugins.loader import action_loader, become_loader, cliconf_loader, connection_loader, terminal_loader

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.quiet import be_quiet

# Core forks a worker per task and device, and a worker that imports the connection itself spends more time on that than on
# the task. What the parent process has loaded, its workers share. But all that core loads in the parent on behalf of a task
# are its action plugin, before the first worker of the task is forked, and callbacks. So our action plugins call this as
# they are loaded, which serves every later task of the run as well; and for plays without a task of ours there is the
# callback cns.image_agent.preload, which users have to enable.

# Through the loaders and not just by import: they also read the documentation for the options.
_PLUGINS = (
    (connection_loader, "cns.image_agent.network_cli"),
    (connection_loader, "ansible.netcommon.libssh"),
    (connection_loader, "local"),
    (become_loader, "enable"),
    (terminal_loader, "cisco.ios.ios"),
    (cliconf_loader, "cisco.ios.ios"),
)
# The first holds all that a session over asyncssh imports as it begins.
_LIBRARIES = ("ansible_collections.cns.image_agent.plugins.plugin_utils.inline.ssh", "paramiko")
_NETWORK_COLLECTIONS = ("cns.image_agent", "cisco.ios", "ansible.netcommon")


def preload(action: Any = None) -> None:
    """Load the connection and what it uses, and for ``action``, a fully qualified name, the module and how it is run."""
    be_quiet()
    for loader, name in _PLUGINS:
        loader.get(name, class_only=True)
    for name in _LIBRARIES:
        _import(name)
    collection, _dot, module = (action or "").rpartition(".")
    if collection in _NETWORK_COLLECTIONS:
        _import("ansible_collections.%s.plugins.modules.%s" % (collection, module))
        # The action plugin of modules that have none of their own; core looks for it no sooner than in the worker.
        action_loader.get("%s.%s" % (collection, module.partition("_")[0]), class_only=True)


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        pass  # a worker that does need it will say what is missing
