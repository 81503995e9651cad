# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What files in the format of OpenSSH's ssh_config say of a host. It needs asyncssh."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

try:
    import asyncssh
except ImportError:
    pass  # whoever asks for a login is told what is missing

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.errors import LoginRefused
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import KNOWN_HOSTS, Login, jumps_from

_OPTION = "ansible_network_cli_config_file"
_PORT = 22


def configured(login: Login) -> Login:
    """The login with what its configuration files say; what the login says itself wins. Raises LoginRefused and Unsupported."""
    if not login.config_files:
        return login
    said = _read(login)
    jumps = login.jumps or (() if login.proxy_command else jumps_from(said("ProxyJump") or "", _OPTION))
    return replace(
        login,
        alias=login.host,
        host=said("Hostname") or login.host,
        port=said("Port") or _PORT if login.port == _PORT else login.port,
        user=login.user or said("User") or "",
        # As elsewhere: where there is a password and no key file, only the password is used.
        key_files=login.key_files + tuple(said("IdentityFile") or () if login.look_for_keys else ()),
        agent=login.agent and not said("IdentitiesOnly"),
        known_hosts=tuple(said("UserKnownHostsFile") or KNOWN_HOSTS) if login.known_hosts == KNOWN_HOSTS else login.known_hosts,
        jumps=jumps,
        proxy_command=login.proxy_command or ("" if jumps else said("ProxyCommand") or ""),
        kex=login.kex or said("KexAlgorithms") or "",
        ciphers=login.ciphers or said("Ciphers") or "",
        macs=login.macs or said("MACs") or "",
        host_key_algorithms=login.host_key_algorithms or said("HostKeyAlgorithms") or "",
    )


def paths(login: Login) -> list[str]:
    """The configuration files, as asyncssh takes them."""
    return [os.path.expanduser(name) for name in login.config_files]


def _read(login: Login) -> Callable[[str], Any]:
    try:
        options = asyncssh.SSHClientConnectionOptions(
            config=paths(login), host=login.host, username=login.user or (), known_hosts=None, client_keys=None, agent_path=None
        )
    except (asyncssh.Error, OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", "") or str(exc)
        raise LoginRefused(
            "%s: %s cannot be read: %s. Correct the file, or %s." % (login.device, ", ".join(login.config_files), reason, _OPTION)
        ) from None
    return options.config.get
