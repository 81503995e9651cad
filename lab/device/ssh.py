# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SSH side of the devices: who may log in, and which device a connection is for."""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import TYPE_CHECKING

import asyncssh

from .shell import Shell
from .terminal import Disconnected, Terminal

if TYPE_CHECKING:
    from .device import Device

# Cheap for the server, and known to OpenSSH, paramiko and libssh alike.
_KEX = ("curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256")
_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr")
_LOGIN_TIMEOUT = 600  # seconds; long, for devices that are slow on purpose


def server_options(devices: dict[str, Device], host_key: asyncssh.SSHKey) -> asyncssh.SSHServerConnectionOptions:
    """The settings all devices share. A connection belongs to the device whose address was called."""
    return asyncssh.SSHServerConnectionOptions(
        server_factory=lambda: _Login(devices),
        server_host_keys=[host_key],
        server_version="Cisco-1.25",
        kex_algs=_KEX,
        encryption_algs=_CIPHERS,
        compression_algs=["none"],
        line_editor=False,
        gss_host=None,
        login_timeout=_LOGIN_TIMEOUT,
    )


class _Login(asyncssh.SSHServer):
    """One connection, from TCP to the shell."""

    def __init__(self, devices: dict[str, Device]) -> None:
        self._devices = devices
        self._user = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._device = self._devices[conn.get_extra_info("sockname")[0]]
        self._device.connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        self._device.connections.discard(self._conn)

    async def begin_auth(self, username: str) -> bool:
        self._user = username
        if delay := self._device.faults.get("slow-login"):
            await asyncio.sleep(delay)
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        known = self._device.password_of(username)
        return known is not None and hmac.compare_digest(known.encode(), password.encode())

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return self._device.password_of(username) is not None and key == self._device.setup.authorized_key

    def session_requested(self) -> asyncssh.SSHServerSession:
        return _Session(self._device, self._user)


class _Session(asyncssh.SSHServerSession):
    """A shell, or a single command (`ssh R1 show version`)."""

    def __init__(self, device: Device, user: str) -> None:
        self._device = device
        self._user = user
        self._command: str | None = None
        self._task: asyncio.Task | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel) -> None:
        self._chan = chan
        chan.set_encoding(None)
        self._terminal = Terminal(chan.write)

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: dict) -> bool:
        columns, rows = term_size[:2]
        self._terminal.length, self._terminal.width = rows or 24, columns or 80
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        return True

    def session_started(self) -> None:
        shell = Shell(self._device, self._terminal, self._user, self._device.privilege_of(self._user))
        self._task = asyncio.create_task(self._serve(shell))
        self._device.add_session(shell, self._task)

    async def _serve(self, shell: Shell) -> None:
        try:
            if self._command is None:
                await shell.run()
            else:
                self._terminal.length = 0
                await shell.handle(self._command)
        except Disconnected:
            pass
        except Exception:  # a fault of the lab: the session ends, the device lives on
            logging.getLogger(__name__).exception("session on %s", self._device.name)
        finally:
            self._device.remove_session(shell)
        self._chan.exit(0)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        self._terminal.feed(data)

    def eof_received(self) -> bool:
        self._terminal.end_input()
        return True  # what was typed is still to be answered

    def connection_lost(self, exc: Exception | None) -> None:
        self._terminal.hang_up()
