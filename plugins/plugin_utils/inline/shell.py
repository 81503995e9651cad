# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read from an SSH shell of any library in one way."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.blocking import BlockingSsh

# What reading or writing raises when the session is gone.
SESSION_LOST: tuple[type[Exception], ...] = (EOFError, OSError)
with contextlib.suppress(ImportError):
    from pylibsshext.errors import LibsshException

    SESSION_LOST += (LibsshException,)

_AT_ONCE = 65536


def read(shell: Any, seconds: float) -> bytes:
    """Return what arrives within ``seconds``, as soon as anything does, or b"" if nothing does.

    Raises one of SESSION_LOST where nothing can arrive any more. Signals are not involved: it works in any thread.
    """
    if isinstance(shell, BlockingSsh):
        return shell.read(seconds)
    if hasattr(shell, "read_nonblocking"):
        return _read_libssh(shell, seconds)
    return _read_paramiko(shell, seconds)


def _read_libssh(channel: Any, seconds: float) -> bytes:
    waiting = channel.poll(timeout=max(1, int(seconds * 1000)))
    if waiting < 0:
        raise EOFError("the device closed the session")
    data = bytearray()
    while waiting and len(data) < _AT_ONCE:
        piece = channel.read_nonblocking()
        if not piece:
            break
        data += piece
    return bytes(data)


def _read_paramiko(channel: Any, seconds: float) -> bytes:
    channel.settimeout(seconds)
    try:
        data = channel.recv(_AT_ONCE)
    except socket.timeout:
        return b""
    if not data:
        raise EOFError("the device closed the session")
    return data
