# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control channel: one JSON object per line over a Unix socket, a request and its answer."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

_LIMIT = 64 * 1024 * 1024  # bytes in an answer: a thousand devices with their logs
_TIMEOUT = 30.0


class ControlError(Exception):
    """The fleet refused a request, or there is none; the text says so."""


@contextmanager
def _short_path(path: Path) -> Iterator[str]:
    """A way to the socket that fits: its own path may be longer than a socket's may."""
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


def _answer(line: bytes, handle: Callable[[str, dict], Any]) -> dict[str, Any]:
    """The answer to a request, also to one that is none."""
    try:
        command, arguments = _parsed(line)
        return {"result": handle(command, arguments)}
    except ValueError as exc:
        return {"error": str(exc)}
    except (AttributeError, KeyError, TypeError) as exc:
        return {"error": f"{command} does not take these arguments: {exc}"}


def _parsed(line: bytes) -> tuple[str, dict[str, Any]]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("a request is a JSON object in one line") from None
    if (
        not isinstance(request, dict)
        or not isinstance(request.get("command"), str)
        or not isinstance(request.get("arguments"), dict)
    ):
        raise ValueError("a request is a command, which is a string, and arguments, which are an object")
    return request["command"], request["arguments"]


async def serve(path: Path, handle: Callable[[str, dict], Any]) -> asyncio.Server:
    """Answer requests with `handle(command, arguments)`; a ValueError from it becomes an error answer."""

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(_answer(line, handle)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):  # gone, or a line that has no end
            pass
        finally:
            writer.close()

    path.unlink(missing_ok=True)
    with _short_path(path) as short:
        server = await asyncio.start_unix_server(client, short, limit=_LIMIT)
    os.chmod(path, 0o600)
    return server


def request(path: Path, command: str, **arguments: Any) -> Any:
    """Ask the fleet. ControlError when it refuses, or when there is none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_TIMEOUT)
        try:
            with _short_path(path) as short:
                connection.connect(short)
        except OSError as exc:
            raise ControlError(f"no fleet runs in {path.parent}; python -m lab up starts one") from exc
        connection.sendall(json.dumps({"command": command, "arguments": arguments}).encode() + b"\n")
        with connection.makefile("rb") as stream:
            answer = json.loads(stream.readline(_LIMIT))
    if "error" in answer:
        raise ControlError(answer["error"])
    return answer["result"]
