# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask an SSH server what it offers, where a login failed before anybody could read that."""

from __future__ import annotations

import asyncio

# A client that any server talks to.
_VERSION = b"SSH-2.0-cns_image_agent\r\n"
_KEXINIT = 20
_LONGEST = 35000  # bytes of a packet, by RFC 4253


async def offer_of(host: str, port: int, seconds: float = 5) -> bytes:
    """The KEXINIT message of the server, or b"" where there is none. Nobody logs in, and nothing is negotiated."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                return await _kexinit(reader, writer)
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError, EOFError, ValueError, asyncio.LimitOverrunError):
        return b""


async def _kexinit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(_VERSION)
    while not (await reader.readuntil(b"\n")).startswith(b"SSH-"):
        pass  # a server may say something before its version
    size = int.from_bytes(await reader.readexactly(4), "big")
    if not 0 < size <= _LONGEST:
        return b""
    packet = await reader.readexactly(size)
    message = packet[1 : size - packet[0]]
    return message if message[:1] == bytes([_KEXINIT]) else b""
