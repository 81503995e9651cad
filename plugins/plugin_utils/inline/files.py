# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that a login needs, each read once however many devices are called: known hosts and private keys."""

from __future__ import annotations

import ipaddress
import os
from typing import Any

try:
    import asyncssh
except ImportError:
    pass  # whoever asks for files is told what is missing

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.errors import LoginRefused
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.known_hosts import KnownHosts
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login

_DEFAULT_KEYS = ("~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa")


class Files:
    """Reads and remembers. One for all sessions of a run."""

    def __init__(self) -> None:
        self._known_hosts: dict[tuple[str, ...], KnownHosts] = {}
        self._keys: dict[tuple[str, str | None], list[Any]] = {}

    def known_hosts(self, names: tuple[str, ...]) -> KnownHosts:
        """The known hosts of these files; one that does not exist is empty."""
        if names not in self._known_hosts:
            self._known_hosts[names] = KnownHosts("\n".join(_text(name) for name in names))
        return self._known_hosts[names]

    def host_keys(self, login: Login) -> list[asyncssh.SSHKey]:
        """The keys that are known for this host."""
        return list(self.known_hosts(login.known_hosts).match(login.host, _address(login.host), login.port)[0])

    def add_known_host(self, names: tuple[str, ...], line: str) -> None:
        """Append a line to the first of these files."""
        path = os.path.expanduser(names[0])
        os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
        with open(path, "a", encoding="utf-8") as file:
            file.write(line)
        self._known_hosts.pop(names, None)

    def keys(self, login: Login) -> list[Any]:
        """The key pairs to log in with, those that are named first. Raises LoginRefused."""
        named = [pair for name in login.key_files for pair in self._named(name, login)]
        usual = [pair for name in _DEFAULT_KEYS for pair in self._usual(name)] if login.look_for_keys else []
        return named + usual

    def _named(self, name: str, login: Login) -> list[Any]:
        try:
            return self._load(name, login.passphrase)
        except (asyncssh.KeyEncryptionError, asyncssh.KeyImportError, OSError) as exc:
            is_closed = "passphrase" in str(exc).lower()
            if is_closed and login.agent:
                return []  # the agent may have it
            reason, advice = _no_key(exc, is_closed, login.passphrase)
            raise LoginRefused("%s: the private key %s cannot be used: %s. %s." % (login.device, name, reason, advice)) from None

    def _usual(self, name: str) -> list[Any]:
        try:
            return self._load(name, None)
        except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
            return []

    def _load(self, name: str, passphrase: str | None) -> list[Any]:
        key = (name, passphrase)
        if key not in self._keys:
            self._keys[key] = list(asyncssh.load_keypairs([os.path.expanduser(name)], passphrase))
        return self._keys[key]


def _no_key(exc: Exception, is_closed: bool, passphrase: str | None) -> tuple[str, str]:
    """Why a private key cannot be used, and what to do about it."""
    if is_closed:
        reason = "its passphrase is wrong" if passphrase else "it has a passphrase"
        return reason, "Set ansible_private_key_passphrase, or put the key into an SSH agent"
    if isinstance(exc, OSError):
        return exc.strerror or str(exc), "Correct ansible_private_key_file"
    return str(exc), "Name a private key in a format that ssh-keygen writes"


def _address(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""


def _text(name: str) -> str:
    try:
        with open(os.path.expanduser(name), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
