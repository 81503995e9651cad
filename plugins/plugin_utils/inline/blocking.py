# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A shell over asyncssh for callers that wait, in the shape that network_cli expects of its SSH plugins."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
from collections.abc import Callable, Coroutine
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


class BlockingSsh:
    """An SSH connection and its shell. Its event loop runs only while somebody waits for it, in the thread of who waits."""

    force_persistence = False
    _load_name = "cns.image_agent.network_cli"  # by which core finds the variables of its options
    _play_context: Any = None

    def __init__(self, login: Callable[[], Login]) -> None:
        """``login``: says where to log in, when it comes to that."""
        self._login = login
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._shell: Shell | None = None

    # -- what network_cli calls on an SSH plugin ----------------------------------------------------------------------

    @property
    def ssh(self) -> BlockingSsh:
        return self

    def _connect(self) -> BlockingSsh:
        from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.ssh import Shell

        try:
            self._shell = self._run(Shell.open(self._login(), load_files()))
        except (SessionError, Unsupported, EOFError) as exc:
            raise LoginFailure(str(exc)) from None
        return self

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
        return self._run(self._open_shell().read(seconds))

    def close(self) -> None:
        """End the session, and the loop."""
        shell, self._shell = self._shell, None
        loop = self._loop
        if loop is None or loop.is_running():
            return
        if shell is not None:
            with contextlib.suppress(EOFError):
                self._run(shell.close())
        loop.run_until_complete(loop.shutdown_default_executor())
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

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(work)
        try:
            return self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            raise EOFError("the task was ended") from None
        finally:
            self._task = None
