# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A shell over asyncssh for callers that wait, in the shape that network_cli expects of its SSH plugins."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import ipaddress
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from ansible.errors import AnsibleConnectionFailure

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.errors import SessionError
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login, Unsupported
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.session import load_files

if TYPE_CHECKING:
    from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.ssh import Shell

T = TypeVar("T")


class LoginFailure(AnsibleConnectionFailure):
    """No login; the text says all there is to say."""


def is_installed() -> bool:
    """Whether there is an asyncssh. Nothing is imported."""
    return importlib.util.find_spec("asyncssh") is not None


class _Here(ThreadPoolExecutor):
    """Starts no thread: what asyncssh gives to one does not wait for anybody, unless a name has to be looked up."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as exc:  # whatever it is, it is the caller's
            future.set_exception(exc)
        return future


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


class BlockingSsh:
    """An SSH connection and its shell. Its event loop runs only while somebody waits for it, in the thread of who waits."""

    force_persistence = False
    _load_name = "asyncssh"  # core looks for the options of a plugin of this name; there are none
    _play_context: Any = None

    def __init__(self, login: Callable[[], Login]) -> None:
        """``login``: says where to log in, when it comes to that."""
        self._login = login
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Future[Any] | None = None
        self._shell: Shell | None = None
        self._where = ""

    # -- what network_cli calls on an SSH plugin ----------------------------------------------------------------------

    @property
    def ssh(self) -> BlockingSsh:
        return self

    def _connect(self) -> BlockingSsh:
        from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.ssh import Shell

        try:
            login = self._login()
            self._where = login.jumps[0].host if login.jumps else login.host
            self._shell = self._run(Shell.open(login, load_files()))
        except (SessionError, Unsupported, EOFError) as exc:
            raise LoginFailure(str(exc)) from None
        return self

    def copy(self, source: str, destination: str, proto: str, seconds: float, to_device: bool) -> None:
        """Copy a file over a connection of its own."""
        from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.ssh import copy

        try:
            work = copy(self._login(), load_files(), source, destination, proto, to_device)
            self._run(asyncio.wait_for(work, seconds))
        except (SessionError, Unsupported, EOFError) as exc:
            raise LoginFailure(str(exc)) from None
        except TimeoutError:
            raise LoginFailure("%s of '%s' took more than %s s" % (proto, source, seconds)) from None

    def invoke_shell(self) -> BlockingSsh:
        return self

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        """Nothing: the options are those of the connection plugin."""

    def get_options(self, hostvars: Any = None) -> dict[str, Any]:
        return {}

    def set_option(self, option: str, value: Any, hostvars: Any = None) -> None:
        """Nothing, as above."""

    def get_option(self, option: str, hostvars: Any = None) -> Any:
        if option != "proxy_command":
            raise KeyError(option)
        return self._login().proxy_command

    def _set_log_channel(self, name: str) -> None:
        """Nothing is logged by it."""

    # -- what it calls on a shell -------------------------------------------------------------------------------------

    def sendall(self, data: bytes) -> None:
        """Send. Raises EOFError where nobody is there any more."""
        self._open_shell().write(data)

    def read(self, seconds: float) -> bytes:
        """What arrives within ``seconds``, or b"". Raises EOFError where nothing can arrive any more."""
        shell = self._open_shell()
        self._run(shell.news(self._own_loop(), seconds))
        return shell.take()

    def close(self) -> None:
        """End the session, and the loop."""
        shell, self._shell = self._shell, None
        loop = self._loop
        if loop is None or loop.is_running():
            return
        if shell is not None:
            with contextlib.suppress(EOFError):
                self._run(shell.close())
        loop.close()
        self._loop = None

    # -- its loop -------------------------------------------------------------------------------------------------------

    def interrupt(self) -> None:
        """End what another thread waits for: it gets an EOFError."""
        loop, task = self._loop, self._task
        if loop is not None and task is not None:
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(task.cancel)

    def _open_shell(self) -> Shell:
        if self._shell is None:
            raise EOFError("the session was closed")
        return self._shell

    def _own_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            if _is_address(self._where):
                self._loop.set_default_executor(_Here())
        return self._loop

    def _run(self, work: Coroutine[Any, Any, T] | asyncio.Future[T]) -> T:
        loop = self._own_loop()
        self._task = asyncio.ensure_future(work, loop=loop)
        try:
            return loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            raise EOFError("the task was ended") from None
        finally:
            self._task = None
