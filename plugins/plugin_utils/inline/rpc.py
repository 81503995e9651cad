# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON-RPC socket that modules expect of a network connection, served from a thread of the task's own worker."""

from __future__ import annotations

import contextlib
import contextvars
import os
import shutil
import signal
import socket
import tempfile
import threading
from typing import Any

from ansible import constants as C
from ansible.module_utils.common.text.converters import to_bytes, to_text
from ansible.module_utils.connection import ConnectionError as RpcError
from ansible.module_utils.connection import recv_data, send_data
from ansible.utils.jsonrpc import JsonRpcServer

# What the address of a unix socket can hold on every platform, less the name of our directory and socket.
_LONGEST_PARENT = 80


class InlineRpc:
    """Serves the methods of one object, one request at a time, until C(stop)."""

    def __init__(self, target: Any, wire_log: Any, after_request: Any) -> None:
        """Listen at once.

        ``wire_log(text)`` gets every request and response, ``after_request()`` is called once per request; both from the thread.
        """
        self._rpc = _Rpc(target)
        self._wire_log = wire_log
        self._after_request = after_request
        self._directory = _private_directory()
        self.path = os.path.join(self._directory, "s")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.path)
        self._listener.listen()
        self._stopping = False
        # Core collects a task's warnings in its context: what the thread warns of belongs to the task as well.
        # A daemon, so that a device which keeps it waiting cannot keep the process from ending.
        self._thread = threading.Thread(target=contextvars.copy_context().run, args=(self._serve,), daemon=True)
        self._thread.start()

    def is_current_thread(self) -> bool:
        """Whether the caller runs on behalf of a request."""
        return threading.current_thread() is self._thread

    def stop(self, patience: float) -> bool:
        """Stop listening and remove the socket. Returns False if a request was still running after ``patience`` seconds."""
        self._stopping = True
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock, contextlib.suppress(OSError):
            knock.connect(self.path)  # the portable way to end accept()
        self._thread.join(patience)
        self._listener.close()
        shutil.rmtree(self._directory, ignore_errors=True)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        # Of two signals in a row, Linux may hand both to this thread, and then nothing wakes the main one to act on them.
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))
        while not self._stopping:
            client, _address = self._listener.accept()
            with client:
                self._answer(client)

    def _answer(self, client: Any) -> None:
        try:
            while not self._stopping:
                request = recv_data(client)
                if not request:
                    return
                self._wire_log("jsonrpc request: %s" % request)
                response = self._rpc.handle_request(request)
                self._wire_log("jsonrpc response: %s" % response)
                self._after_request()
                send_data(client, to_bytes(response))
        except OSError:
            pass  # the module went away in the middle of a call; the next one connects again


class _Rpc(JsonRpcServer):
    def __init__(self, target: Any) -> None:
        # The base keeps them on the class, where the first connection of a process would answer for all that follow.
        self._objects: set[Any] = set()
        self.register(_Methods(target, self))


class _Methods:
    """The methods of ``target``, with errors answered instead of raised.

    Core's server prints the traceback of an exception at -vvv, and with it whatever secret the device echoed.
    """

    def __init__(self, target: Any, rpc: Any) -> None:
        self._target = target
        self._rpc = rpc

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._target, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return method(*args, **kwargs)
            except Exception as exc:  # whatever it is, it is the module's to know
                text = to_text(exc, errors="surrogate_then_replace")
                if isinstance(exc, RpcError) and hasattr(exc, "code"):
                    return self._rpc.error(code=exc.code, message=text)
                return self._rpc.internal_error(data=text)

        return call


def _private_directory() -> str:
    """A directory only this user can enter; below core's own, which core removes even where this process is killed."""
    parent = C.DEFAULT_LOCAL_TMP if len(C.DEFAULT_LOCAL_TMP) < _LONGEST_PARENT else None
    return tempfile.mkdtemp(prefix="cns-", dir=parent)
