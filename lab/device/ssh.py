# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SSH side of the devices: who may log in, and which device a connection is for."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncssh

from .shell import Shell
from .terminal import Disconnected, Terminal

if TYPE_CHECKING:
    from .device import Device

_SECOND_FACTOR = ("Verification code: ", "246810")
_LOGIN_TIMEOUT = 600  # seconds; long, for devices that are slow on purpose


@dataclass(frozen=True)
class Algorithms:
    """What a generation of SSH servers offers; `bits` None: an Ed25519 key."""

    kex: tuple[str, ...]
    ciphers: tuple[str, ...]
    macs: tuple[str, ...]
    bits: int | None = None

    def new_host_key(self) -> asyncssh.SSHKey:
        if self.bits is None:
            return asyncssh.generate_private_key("ssh-ed25519")
        return asyncssh.generate_private_key("ssh-rsa", key_size=self.bits)


ALGORITHMS = {
    # Cheap for the server, and known to OpenSSH, paramiko and libssh alike.
    "modern": Algorithms(
        ("curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256"),
        ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr"),
        ("hmac-sha2-256", "hmac-sha2-512"),
    ),
    "legacy": Algorithms(("diffie-hellman-group14-sha1",), ("aes128-cbc",), ("hmac-sha1",), bits=2048),
    "ancient": Algorithms(("diffie-hellman-group1-sha1",), ("3des-cbc",), ("hmac-sha1",), bits=1024),
}


def server_options(
    devices: dict[str, Device], host_key: asyncssh.SSHKey, algorithms: Algorithms
) -> asyncssh.SSHServerConnectionOptions:
    """The settings that devices of one generation share. A connection belongs to the device whose address was called."""
    (key_pair,) = asyncssh.load_keypairs([host_key])
    if algorithms.bits is not None:
        key_pair.host_key_algorithms = (b"ssh-rsa",)  # not with SHA-2, which came later
    return asyncssh.SSHServerConnectionOptions(
        server_factory=lambda: _Login(devices),
        server_host_keys=[key_pair],
        server_version="Cisco-1.25",
        kex_algs=algorithms.kex,
        encryption_algs=algorithms.ciphers,
        mac_algs=algorithms.macs,
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
        self._asked_more = False

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._device = self._devices[conn.get_extra_info("sockname")[0]]
        self._device.connections.add(conn)
        if "no-free-line" in self._device.faults:
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._device.connections.discard(self._conn)

    async def begin_auth(self, username: str) -> bool:
        self._user = username
        self._device.enter_phase("login")
        if delay := self._device.faults.get("slow-login"):
            await asyncio.sleep(delay)
        return True

    def password_auth_supported(self) -> bool:
        return not {"second-factor", "password-expired"} & set(self._device.faults)

    def kbdint_auth_supported(self) -> bool:
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> tuple[str, str, str, list[tuple[str, bool]]]:
        prompt = "New password: " if "password-expired" in self._device.faults else "Password: "
        return "", "", "", [(prompt, False)]

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> Any:
        if self._asked_more:
            return list(responses) == [_SECOND_FACTOR[1]]
        if "password-expired" in self._device.faults or not self.validate_password(username, *responses):
            return False
        if "second-factor" not in self._device.faults:
            return True
        self._asked_more = True
        return "", "", "", [(_SECOND_FACTOR[0], False)]

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        self._device.received.append((time.monotonic(), "jump", f"{dest_host}:{dest_port}"))
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

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Mapping[int, int]) -> bool:
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

    def pause_writing(self) -> None:
        self._terminal.has_room(False)

    def resume_writing(self) -> None:
        self._terminal.has_room(True)

    def connection_lost(self, exc: Exception | None) -> None:
        self._terminal.hang_up()
