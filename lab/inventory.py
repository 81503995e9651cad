# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible and ssh need to reach the fleet: inventory, known hosts, ssh configuration, key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import asyncssh
import yaml

from .device import Device
from .rundir import RunDir

PASSWORD, ENABLE_SECRET, IMAGE_PASSWORD = "LAB_PASSWORD", "LAB_ENABLE_SECRET", "LAB_IMAGE_PASSWORD"
_DEFAULTS = {PASSWORD: "lab-password", ENABLE_SECRET: "lab-enable"}


def secret(variable: str) -> str:
    """From the environment, else the documented default."""
    return os.environ.get(variable) or _DEFAULTS[variable]


def _secret_for_inventory(variable: str) -> str:
    """A secret that came from the environment is looked up there again and not written down."""
    if os.environ.get(variable):
        return f"{{{{ lookup('ansible.builtin.env', '{variable}') }}}}"
    return _DEFAULTS[variable]


_OLD = (
    "  KexAlgorithms +diffie-hellman-group14-sha1,diffie-hellman-group1-sha1\n  HostKeyAlgorithms +ssh-rsa\n"
    "  Ciphers +aes128-cbc,3des-cbc\n  RequiredRSASize 1024\n"
)


@dataclass(frozen=True)
class Access:
    """How to reach the devices. `urls` are variables for playbooks that want to know the image server."""

    user: str
    port: int
    privilege: int
    connection: str
    urls: dict[str, str]


def write_access(run: RunDir, reachable: list[tuple[Device, asyncssh.SSHKey]], access: Access, user_key: asyncssh.SSHKey) -> None:
    """Write everything a client needs into the run directory. `reachable`: the devices, and the host key of each."""
    devices = [device for device, _key in reachable]
    known_hosts = "".join(
        f"[{device.address}]:{access.port} {key.export_public_key().decode().strip()}\n" for device, key in reachable
    )
    known = run.write("known_hosts", known_hosts)
    # paramiko looks for it in $HOME/.ssh only: a run with this HOME can check host keys.
    run.write("home/.ssh/known_hosts", known_hosts)
    key = run.write("id_ed25519", user_key.export_private_key().decode(), mode=0o600)
    old = {device.name for device, host_key in reachable if host_key.get_algorithm() == "ssh-rsa"}
    run.write("ssh_config", _ssh_config(devices, access, str(known), str(key), old))
    run.write("inventory.yml", _inventory(devices, access, old))


def _ssh_config(devices: list[Device], access: Access, known: str, key: str, old: set[str]) -> str:
    more = {device.name: _OLD if device.name in old else "" for device in devices}
    hosts = "".join(f"Host {device.name}\n  HostName {device.address}\n{more[device.name]}" for device in devices)
    return (
        f"{hosts}Host *\n  Port {access.port}\n  User {access.user}\n  UserKnownHostsFile {known}\n"
        f"  StrictHostKeyChecking yes\n  IdentityFile {key}\n"
    )


def _inventory(devices: list[Device], access: Access, old: set[str]) -> str:
    variables: dict[str, Any] = {
        "ansible_connection": access.connection,
        "ansible_network_os": "cisco.ios.ios",
        "ansible_port": access.port,
        "ansible_user": access.user,
        "ansible_password": _secret_for_inventory(PASSWORD),
        # paramiko and libssh cannot be told of another file than the user's own ~/.ssh/known_hosts.
        "ansible_host_key_checking": False,
        **access.urls,
    }
    if access.privilege < 15:
        variables |= {
            "ansible_become": True,
            "ansible_become_method": "ansible.netcommon.enable",
            "ansible_become_password": _secret_for_inventory(ENABLE_SECRET),
        }
    hosts: dict[str, dict[str, Any]] = {
        device.name: {"ansible_host": device.address, "lab_profile": device.profile.name} for device in devices
    }
    for name in old:
        hosts[name]["ansible_network_cli_legacy_algorithms"] = True
    return yaml.safe_dump({"ios": {"vars": variables, "hosts": hosts}}, sort_keys=False)
