# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""network_cli without a helper process per device."""

from __future__ import annotations

DOCUMENTATION = r"""
name: network_cli
author:
  - The cns.image_agent authors (@cns-image-agent)
short_description: Run commands on network devices over SSH, without a helper process per device
version_added: 1.0.0
description:
  - A drop-in for P(ansible.netcommon.network_cli#connection), with all of its options. Modules need not know it.
  - The stock plugin starts a helper process for each device and leaves it running. This one serves a task from inside the
    worker that runs the task, which saves most of the time and the memory.
  - It logs in once per task instead of once per play, and reads answers without a fixed pause. To be certain that a prompt is
    the end of an answer and not a line of it, it sends an empty line after commands that show text.
  - A session that the device closed, or that ran into a timeout, is opened again by the next command of the task.
requirements:
  - asyncssh (2.14 or later) if using O(ssh_type=asyncssh)
  - ansible-pylibssh if using O(ssh_type=libssh)
  - paramiko if using O(ssh_type=paramiko)
extends_documentation_fragment:
  - ansible.netcommon.connection_persistent
  - cns.image_agent.network_cli
options:
  persistent_connect_timeout:
    description:
      - Seconds within which the TCP connection, the key exchange and the login must each succeed.
      - Other than with the stock plugin it does not limit how long a session may be idle.
  persistent_command_timeout:
    description:
      - Seconds within which the answer to a command must be complete, and within which the first prompt must appear.
      - The error names the command, and the session is closed.
  persistent_buffer_read_timeout:
    description:
      - By default the end of an answer is made certain by sending an empty line.
      - When set, no empty line is sent. As with the stock plugin, a prompt that is followed by this many seconds of silence
        is taken for the end. For devices to which an empty line means something.
    default: null
  ssh_type:
    description:
      - The Python package that speaks SSH.
      - V(auto) takes asyncssh where it is installed, else ansible-pylibssh, else paramiko.
      - asyncssh is the one that reaches old devices, see O(legacy_algorithms), and that can be interrupted at any moment.
    choices: [asyncssh, libssh, paramiko, auto]
  legacy_algorithms:
    description:
      - Also allow what IOS 12.3 to 15.x and IOS XE 3.x offer, behind the modern algorithms. C(diffie-hellman-group14-sha1),
        C(group-exchange-sha1) and C(group1-sha1), C(ssh-rsa) and C(ssh-dss) host keys, CBC ciphers, C(hmac-md5) and
        truncated MACs.
      - They can be broken with effort. Set it for the group of such devices, not for all.
      - Only with asyncssh.
    type: bool
    default: false
    vars:
      - name: ansible_network_cli_legacy_algorithms
    env:
      - name: ANSIBLE_NETWORK_CLI_LEGACY_ALGORITHMS
  known_hosts:
    description:
      - Files with known host keys, in the format of OpenSSH. A key that is added goes into the first.
      - Only with asyncssh. By default F(~/.ssh/known_hosts) and F(/etc/ssh/ssh_known_hosts).
    type: list
    elements: str
    vars:
      - name: ansible_network_cli_known_hosts
    env:
      - name: ANSIBLE_NETWORK_CLI_KNOWN_HOSTS
  config_file:
    description:
      - Files in the format of F(~/.ssh/config) to read. By default none is read. With libssh one only.
      - With asyncssh, address, port, user, jump hosts, proxy command, keys, known hosts and algorithms are taken from them. What
        the inventory says wins.
    type: list
    elements: str
    vars:
      - name: ansible_network_cli_config_file
      - name: ansible_libssh_config_file
    env:
      - name: ANSIBLE_NETWORK_CLI_CONFIG_FILE
      - name: ANSIBLE_LIBSSH_CONFIG_FILE
  proxy_jump:
    description:
      - Hosts to jump over, C([USER@]HOST[:PORT]), several with commas between. The login is as to the device.
      - Only with asyncssh.
    type: str
    vars:
      - name: ansible_network_cli_proxy_jump
    env:
      - name: ANSIBLE_NETWORK_CLI_PROXY_JUMP
  proxy_command:
    description:
      - A command whose input and output is the connection. C(%h), C(%p) and C(%r) stand for host, port and user.
    type: str
    vars:
      - name: ansible_network_cli_proxy_command
      - name: ansible_paramiko_proxy_command
      - name: ansible_libssh_proxy_command
    env:
      - name: ANSIBLE_LIBSSH_PROXY_COMMAND
      - name: ANSIBLE_PARAMIKO_PROXY_COMMAND
    ini:
      - {key: proxy_command, section: libssh_connection}
      - {key: proxy_command, section: paramiko_connection}
  keyboard_interactive:
    description:
      - Answers for a keyboard-interactive login that asks for more than a password. A list of dictionaries with C(prompt), a
        regular expression, and C(answer). Each is given once.
      - Only with asyncssh.
    type: list
    elements: dict
    vars:
      - name: ansible_network_cli_keyboard_interactive
  password_prompt:
    description:
      - Text that a keyboard-interactive login prints when it asks for the password.
    type: str
    vars:
      - name: ansible_libssh_password_prompt
  private_key_passphrase:
    description:
      - Passphrase of the private key. Without it the password is tried.
    type: str
    vars:
      - name: ansible_private_key_password
      - name: ansible_private_key_passphrase
  look_for_keys:
    description:
      - Whether to try the keys in F(~/.ssh). By default, unless there is a password.
    type: bool
    env:
      - name: ANSIBLE_LIBSSH_LOOK_FOR_KEYS
      - name: ANSIBLE_PARAMIKO_LOOK_FOR_KEYS
    ini:
      - {key: look_for_keys, section: libssh_connection}
      - {key: look_for_keys, section: paramiko_connection}
  publickey_accepted_algorithms:
    description:
      - Algorithms for public keys of users, with commas between. A leading V(+), V(-) or V(^) adds to the usual ones, takes
        from them, or moves to their front.
    type: str
    vars:
      - name: ansible_libssh_publickey_algorithms
    env:
      - name: ANSIBLE_LIBSSH_PUBLICKEY_ALGORITHMS
    ini:
      - {key: publickey_algorithms, section: libssh_connection}
  use_rsa_sha2_algorithms:
    description:
      - Whether RSA keys of users may be used with SHA-2. To switch it off helps with old devices that know SHA-1 only.
    type: bool
    vars:
      - name: ansible_paramiko_use_rsa_sha2_algorithms
    env:
      - name: ANSIBLE_PARAMIKO_USE_RSA_SHA2_ALGORITHMS
    ini:
      - {key: use_rsa_sha2_algorithms, section: paramiko_connection}
  hostkeys:
    description:
      - Algorithms for host keys, in the same form.
    type: str
    vars:
      - name: ansible_libssh_hostkeys
    env:
      - name: ANSIBLE_LIBSSH_HOSTKEYS
    ini:
      - {key: hostkeys, section: libssh_connection}
  key_exchange_algorithms:
    description:
      - Algorithms for the key exchange, in the same form.
    type: str
    vars:
      - name: ansible_libssh_key_exchange_algorithms
    env:
      - name: ANSIBLE_LIBSSH_KEY_EXCHANGE_ALGORITHMS
    ini:
      - {key: key_exchange_algorithms, section: libssh_connection}
  host_key_checking:
    description:
      - Whether the device must show a host key that is known.
    vars:
      - name: ansible_host_key_checking
      - name: ansible_ssh_host_key_checking
      - name: ansible_libssh_host_key_checking
      - name: ansible_paramiko_host_key_checking
    env:
      - name: ANSIBLE_HOST_KEY_CHECKING
      - name: ANSIBLE_SSH_HOST_KEY_CHECKING
      - name: ANSIBLE_LIBSSH_HOST_KEY_CHECKING
      - name: ANSIBLE_PARAMIKO_HOST_KEY_CHECKING
  host_key_auto_add:
    description:
      - Whether an unknown host key is accepted and added to the known hosts. A changed one never is.
    vars:
      - name: ansible_host_key_auto_add
    env:
      - name: ANSIBLE_HOST_KEY_AUTO_ADD
      - name: ANSIBLE_LIBSSH_HOST_KEY_AUTO_ADD
      - name: ANSIBLE_PARAMIKO_HOST_KEY_AUTO_ADD
  ssh_args:
    description:
      - Arguments of the OpenSSH client. Jump hosts, proxy command, algorithms, known hosts and keys are honoured with asyncssh, a
        proxy command with libssh. One that would matter and cannot be honoured is an error.
    type: str
    vars:
      - name: ansible_ssh_args
    env:
      - name: ANSIBLE_SSH_ARGS
    ini:
      - {key: ssh_args, section: ssh_connection}
  ssh_common_args:
    description:
      - As O(ssh_args).
    type: str
    vars:
      - name: ansible_ssh_common_args
    env:
      - name: ANSIBLE_SSH_COMMON_ARGS
    ini:
      - {key: ssh_common_args, section: ssh_connection}
  ssh_extra_args:
    description:
      - As O(ssh_args).
    type: str
    vars:
      - name: ansible_ssh_extra_args
    env:
      - name: ANSIBLE_SSH_EXTRA_ARGS
    ini:
      - {key: ssh_extra_args, section: ssh_connection}
seealso:
  - plugin: ansible.netcommon.network_cli
    plugin_type: connection
"""

import asyncio
import contextlib
import importlib.util
import os
import signal
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from types import FrameType
from typing import Any, NoReturn

from ansible import constants as C
from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.common.text.converters import to_text
from ansible.utils.display import Display
from ansible_collections.ansible.netcommon.plugins.cache.memory import CacheModule
from ansible_collections.ansible.netcommon.plugins.connection.network_cli import Connection as NetworkCli
from ansible_collections.ansible.netcommon.plugins.plugin_utils.connection_base import NetworkConnectionBase

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline import algorithms, sentences
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.blocking import BlockingSsh, LoginFailure, is_installed
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.dialogue import (
    PASSWORD_QUESTION,
    Dialogue,
    Texts,
    Unanswered,
    enable_refused,
)
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login, Unsupported, login_from
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.offer import offer_of
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.quiet import be_quiet
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.reader import Exchange, NoAnswer, Reader, what
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.rpc import InlineRpc
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.shell import SESSION_LOST, read
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.terminal import Terminal

display = Display()

# Seconds to wait for a reader that was told to stop. Only a login that hangs inside the SSH library takes longer.
_PATIENCE = 2
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_NO_NETWORK_OS = (
    "%s: ansible_network_os is not set, so nobody knows how this device speaks. Set it in the inventory: "
    "cisco.ios.ios for Cisco IOS and IOS XE."
)
_INSTALL = (
    "Install asyncssh where Ansible runs (python3 -m pip install asyncssh): it reaches old devices and new ones. "
    "ansible-pylibssh or paramiko will do for new devices."
)
_REFUSED_SETUP = (
    "%s: the login worked, but the device refused '%s': %s. Allow the command to this user, or set "
    "ansible_network_terminal_errors: ignore."
)


class Connection(NetworkCli):
    """Serves its task from the task's own worker. One thread speaks to the device: the one that serves the modules."""

    transport = "cns.image_agent.network_cli"
    force_persistence = False

    # In a loop over several devices core drops the connection of the last item without closing it.
    _serving: weakref.ref[Connection] | None = None

    # Set by the parents
    _cache: Any
    _connected: bool
    _play_context: Any
    _ssh_shell: Any
    _ssh_type: str | None
    _ssh_type_conn: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._rpc: InlineRpc | None = None
        self._former_handlers: dict[signal.Signals, Any] = {}
        self._closing = False
        self._logged_in_as: tuple[Any, ...] | None = None
        self._setting_up = False
        self._failure: str | None = None
        self._refusal: tuple[str, str] | None = None
        self._reader: Reader | None = None
        if not args[0].network_os:
            raise AnsibleConnectionFailure(_NO_NETWORK_OS % args[0].remote_addr)
        be_quiet()
        super().__init__(*args, **kwargs)
        self._task_context = self._play_context

    # -- what core and action plugins use ---------------------------------------------------------------------------

    @property
    def socket_path(self) -> str:
        """Where modules find the connection. Read when a module is about to run; nothing is sent to the device yet."""
        rpc = self._rpc or self._start_serving()
        return rpc.path

    @property
    def ssh_type(self) -> str:
        """Which SSH library is used."""
        if self._ssh_type is None and self.get_option("ssh_type") in ("auto", "asyncssh"):
            self._ssh_type = self._asyncssh_or_other()
            self.queue_message("vvvv", "ssh type is now set to %s" % self._ssh_type)
        return self._ssh_type if self._ssh_type == "asyncssh" else super().ssh_type

    def _asyncssh_or_other(self) -> str:
        asked = self.get_option("ssh_type")
        if is_installed():
            return "asyncssh"
        if asked == "auto" and any(importlib.util.find_spec(name) for name in ("pylibsshext", "paramiko")):
            return "libssh" if importlib.util.find_spec("pylibsshext") else "paramiko"
        what_is_missing = "asyncssh is not installed" if asked == "asyncssh" else "No SSH library is installed"
        raise AnsibleConnectionFailure("%s. %s" % (what_is_missing, _INSTALL))

    @property
    def ssh_type_conn(self) -> Any:
        """What connects over the SSH library."""
        if self._ssh_type_conn is None and self.ssh_type == "asyncssh":
            self._ssh_type_conn = BlockingSsh(self._asyncssh_login)
        return super().ssh_type_conn

    def _asyncssh_login(self) -> Login:
        context, options = self._play_context, NetworkConnectionBase.get_options(self)
        return login_from(
            options,
            host=context.remote_addr,
            port=context.port,
            user=options.get("remote_user") or context.remote_user,
            password=options["password"] if options.get("password") is not None else context.password,
            private_key_file=context.private_key_file,
        )

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        """Core sets the options of the next loop item on the same plugin: it may be another device, user or privilege."""
        if task_keys is not None:
            # Right after this call core puts a copy in its place, in which values that are templates are not resolved.
            self._task_context = self._play_context
        if self._connected and self._logged_in_as != self._login():
            self._disconnect()
            self._ssh_type_conn = None
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)

    def exec_command(self, cmd: Any, in_data: Any = None, sudoable: bool = True) -> Any:
        """Send to the device what terminal plugins and modules ask for; run on this host what core asks for.

        In the stock plugin the two are told apart by process.
        """
        if self._rpc is not None:
            if not self._rpc.is_current_thread():
                return self._local.exec_command(cmd, in_data, sudoable)
            if not self._connected:
                self._connect()
        if self._setting_up and cmd in (b"terminal width 512", b"terminal width 0"):
            return self._set_width(cmd)
        return super().exec_command(cmd, in_data, sudoable)

    def reset(self) -> None:
        """Close the session. The next command opens a new one."""
        self._disconnect()
        self.queue_message("vvvv", "reset call on connection instance")

    def close(self) -> None:
        """Close the session and stop serving. From inside a request, which still has to be answered, only the former."""
        self._end()
        self._show_messages()

    def copy_file(self, source: Any = None, destination: Any = None, proto: str = "scp", timeout: float = 30) -> Any:
        """Copy a file to the device."""
        if self.ssh_type != "asyncssh":
            return super().copy_file(source, destination, proto, timeout)
        return self._copy(source, destination, proto, timeout, to_device=True)

    def get_file(self, source: Any = None, destination: Any = None, proto: str = "scp", timeout: float = 30) -> Any:
        """Copy a file from the device."""
        if self.ssh_type != "asyncssh":
            return super().get_file(source, destination, proto, timeout)
        return self._copy(source, destination, proto, timeout, to_device=False)

    def _copy(self, source: Any, destination: Any, proto: str, timeout: float, to_device: bool) -> None:
        if proto not in ("scp", "sftp"):
            raise AnsibleConnectionFailure("Files are copied by scp or sftp, not by %s." % proto)
        self._prepare_login()
        self.ssh_type_conn.copy(to_text(source), to_text(destination), proto, timeout, to_device)

    def get_cache(self) -> CacheModule:
        """The answers kept in single user mode.

        The parent of netcommon 8.2 asks the cache loader of core, which refuses all caches but those of facts since core 2.19.
        """
        if self._cache is None:
            self._cache = CacheModule()
        return self._cache

    # -- serving ----------------------------------------------------------------------------------------------------

    def _start_serving(self) -> InlineRpc:
        previous = Connection._serving() if Connection._serving else None
        if previous is not None:
            previous.close()
        self._closing = False
        rpc = self._rpc = InlineRpc(self, wire_log=self._log_wire, after_request=self._show_messages)
        Connection._serving = weakref.ref(self)
        if threading.current_thread() is threading.main_thread():
            self._former_handlers = {number: signal.signal(number, self._end_on_signal) for number in _SIGNALS}
        self.queue_message("vvvv", "serving the modules of this task on %s" % rpc.path)
        self._show_messages()
        return rpc

    def _end(self) -> None:
        hangs = False
        if self._rpc is not None and not self._rpc.is_current_thread():
            rpc, self._rpc = self._rpc, None
            self._closing = True
            if isinstance(self._ssh_type_conn, BlockingSsh):
                self._ssh_type_conn.interrupt()
            hangs = not rpc.stop(_PATIENCE)
        if not hangs:  # in the login of the SSH library, which can only end with the process
            self._disconnect()
        for number, handler in self._former_handlers.items():
            signal.signal(number, handler)
        self._former_handlers = {}

    def _end_on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Close the session, then let core end the worker as it would have without us.

        Core sends a second signal at once, which must not cut the farewell short. Shows no messages: the signal may have
        come while this very thread held the lock of core's queue.
        """
        for ignored in _SIGNALS:
            signal.signal(ignored, signal.SIG_IGN)
        try:
            self._end()
        finally:
            os.kill(os.getpid(), number)

    def _log_wire(self, text: str) -> None:
        if self.get_option("persistent_log_messages"):
            display.display(self._door().text(text), log_only=True)

    def _show_messages(self) -> None:
        """Show what the parent queued, by the rules of core for messages of a helper process."""
        messages = [(level, text) for level, text in self.pop_messages() if _is_shown(level)]
        if not messages:
            return
        door = self._door()
        for level, text in messages:
            if level == "log":
                display.display(door.text(text), log_only=True)
            elif level == "warning":
                display.warning(door.text(text))
            elif level == "error":
                display.error(door.text(text))
            else:
                getattr(display, level, display.vvvv)(door.text(text), host=self._task_context.remote_addr)

    def _update_connection_state(self) -> None:
        """There is no helper process to look for."""

    # -- the session ------------------------------------------------------------------------------------------------

    def _connect(self) -> Connection:
        if self._connected:
            return self
        self._prepare_login()
        self._setting_up = True
        started, is_ready = time.monotonic(), False
        try:
            with self._signals_for_children():
                super()._connect()
            if self._failure:  # a user's choice may hide failures of become and of terminal settings, but not this one
                raise AnsibleConnectionFailure(self._failure)
            is_ready = True
        except Exception as exc:
            raise AnsibleConnectionFailure(self._door().text(self._explain(exc, time.monotonic() - started))) from None
        finally:
            self._setting_up = False
            self._failure = self._refusal = None
            if not is_ready:
                self._disconnect()
        return self

    @contextlib.contextmanager
    def _signals_for_children(self) -> Iterator[None]:
        """Let a proxy command be ended by a signal: it inherits which ones are blocked, and libssh waits for its end.

        Threads that the other libraries start inherit it as well, and had better get none; so only if there is a proxy command.
        """
        proxied = self.ssh_type == "libssh" or self.ssh_type_conn.get_option("proxy_command")
        before = signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS if proxied else ())
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _explain(self, exc: Exception, elapsed: float) -> str:
        """Add to an error of the login what SSH libraries and terminal plugins leave out."""
        if self._failure or isinstance(exc, LoginFailure):
            return self._failure or to_text(exc)
        if self._refusal:
            return _REFUSED_SETUP % ((self._device(),) + self._refusal)
        error = to_text(exc)
        timeout = self.get_option("persistent_connect_timeout")
        if not self._connected and elapsed >= timeout:
            return (
                "connect timeout triggered, timeout value is %s secs: no login to %s. If the device needs longer, "
                "raise ansible_connect_timeout. The SSH library says: %s" % (timeout, self._device(), error)
            )
        if (self._connected and not self._ssh_shell) or _is_empty(error):
            return self._lost("the login was complete", exc)
        return error if self._connected else self._explain_other_library(error)

    def _explain_other_library(self, error: str) -> str:
        """A sentence in place of an error of libssh or paramiko, if it is one of the common ones."""
        try:
            login = replace(self._asyncssh_login(), legacy_algorithms=False)  # other libraries know of none
        except Unsupported:
            return error
        if sentences.may_be_about_algorithms(error):
            offer = asyncio.run(offer_of(login.host, login.port))
            if algorithms.missing(login, offer):
                return "%s %s" % (algorithms.explain(login, error, offer), sentences.use_asyncssh(self.ssh_type))
        return sentences.plain(login, error) or error

    def _prepare_login(self) -> None:
        self._failure = self._refusal = self._reader = self._cache = None
        self._logged_in_as = self._login()
        timeout = self.get_option("persistent_connect_timeout")
        ssh = self.ssh_type_conn
        ssh._play_context = self._play_context = self._task_context.copy()
        self._play_context.timeout = timeout
        # The names differ between the SSH plugins. The last one keeps them from asking a user who cannot answer.
        for option, value in (
            ("timeout", timeout),
            ("paramiko_timeout", timeout),
            ("banner_timeout", timeout),
            ("use_persistent_connections", True),
        ):
            try:
                ssh.get_option(option)
            except KeyError:
                continue
            ssh.set_option(option, value)

    def _login(self) -> tuple[Any, ...]:
        context = self._task_context
        return context.remote_addr, context.port, context.remote_user, context.become

    def _set_width(self, cmd: bytes) -> Any:
        """Set the terminal width in one command instead of two.

        cisco.ios sets 512 and then 0 (no limit), which not every release knows. So 0 goes first, and 512 where it is refused.
        """
        if cmd == b"terminal width 0":
            return b""
        try:
            return self.send(b"terminal width 0")
        except AnsibleConnectionFailure:
            self._refusal = None
            return self.send(cmd)

    def _disconnect(self) -> None:
        """Close the session politely, and keep the SSH plugin, whose options the next login needs.

        Of a session that is lost or has no shell yet the parent does not tell the SSH library, which would offer it to every
        login that follows.
        """
        ssh, was_connected = self._ssh_type_conn, self._connected
        try:
            with contextlib.suppress(*SESSION_LOST):
                super().close()
            if was_connected and self._ssh_type_conn:
                with contextlib.suppress(*SESSION_LOST):
                    ssh.close()
        finally:
            self._ssh_type_conn = ssh
            self._ssh_shell = None
            self._connected = False

    # -- commands and answers ---------------------------------------------------------------------------------------

    def send(self, command: bytes, **kwargs: Any) -> Any:
        """Send a command and return its answer as the parent does, but never use a session in an unknown state again."""
        if self._failure:  # while setting up, where a terminal plugin tries the next command
            raise AnsibleConnectionFailure(self._failure)
        try:
            return super().send(command, **kwargs)
        except SESSION_LOST as exc:
            self._give_up(self._lost(what(command), exc))
        finally:
            if kwargs.get("sendonly") and self._reader:
                self._reader.sent_only()
            if self._failure and not self._setting_up:
                self._failure = None
                self._disconnect()

    def receive(
        self,
        command: bytes | None = None,
        prompts: Texts = None,
        answer: Texts = None,
        newline: bool = True,
        prompt_retry_check: bool = False,
        check_all: bool = False,
        strip_prompt: bool = True,
    ) -> bytes:
        """Return the answer to a command, or wait for the first prompt if there is none.

        In place of the parent's two readers, one per library, which need signals and so the main thread.
        Raises AnsibleConnectionFailure with the text of an answer that is an error, or with what kept the answer from coming.
        """
        self._log_messages("command: %r" % command)
        exchange: Exchange | None = None
        try:
            dialogue = self._dialogue(command, prompts, answer, newline, prompt_retry_check, check_all)
            exchange = self._prepared_reader().ask(command, time.monotonic(), dialogue)
            self._listen(exchange)
        except SESSION_LOST as exc:
            last = exchange.last_words() if exchange else ""
            self._give_up(self._lost(what(command), exc) + last)
        except NoAnswer as exc:
            self._give_up(str(exc))
        except Unanswered as exc:
            self._give_up(self._refused_enable(str(exc)) if _is_enable(command) else "%s: %s." % (self._device(), exc))
        return self._judge(exchange, command, strip_prompt)

    def _dialogue(
        self, command: bytes | None, prompts: Texts, answers: Texts, newline: bool, retry_check: bool, check_all: bool
    ) -> Dialogue | None:
        if prompts:
            return Dialogue(prompts, answers, newline, retry_check, check_all)
        return Dialogue(PASSWORD_QUESTION, None) if _is_enable(command) else None

    def _prepared_reader(self) -> Reader:
        """The reader of this session, with the options as they are now."""
        silence = self.get_option("persistent_buffer_read_timeout")
        if silence is not None:
            self._validate_timeout_value(silence, "persistent_buffer_read_timeout")
        timeout = self.get_option("persistent_command_timeout")
        self._validate_timeout_value(timeout, "persistent_command_timeout")
        terminal = Terminal(
            prompts=self._get_terminal_std_re("terminal_stdout_re"),
            errors=self._get_terminal_std_re("terminal_stderr_re"),
            escapes=self._terminal.ansi_re,
            config_prompt=getattr(self._terminal, "terminal_config_prompt", None),
        )
        reader = self._reader = self._reader or Reader(terminal, self._device(), timeout)
        reader.terminal, reader.timeout, reader.silence, reader.setting_up = terminal, timeout, silence, self._setting_up
        return reader

    def _listen(self, exchange: Exchange) -> None:
        while True:
            step = exchange.step(time.monotonic())
            if step.done:
                return
            if step.send:
                self._ssh_shell.sendall(step.send)
            if self._closing:
                self._give_up("%s: the task was ended before %s." % (self._device(), exchange.what))
            data = read(self._ssh_shell, step.wait) if step.wait else b""
            if data:
                self._log_messages("response: %r" % data)
                exchange.hear(data, time.monotonic())

    def _judge(self, exchange: Exchange, command: bytes | None, strip_prompt: bool) -> bytes:
        self._last_response = text = exchange.heard
        self._matched_prompt = exchange.prompt  # for get_prompt()
        if exchange.is_error:
            if _is_enable(command) and self._setting_up:
                self._give_up(self._refused_enable(to_text(exchange.content())))
            if self._setting_up and not self._refusal:
                self._refusal = to_text(command), " ".join(to_text(exchange.content()).split())
            raise AnsibleConnectionFailure(text)
        self._command_response = exchange.content() if strip_prompt else exchange.lines()
        return self._command_response

    def _device(self) -> str:
        return "%s port %s" % (self._task_context.remote_addr, self._task_context.port or 22)

    def _door(self) -> Door:
        """The door to people. What modules get, who decide by it, is as the device said it."""
        context = self._task_context
        given = (self.get_option("password"), self.get_option("private_key_passphrase"))
        return Door((*given, context.password, context.become_pass), names=[context.remote_addr])

    def _give_up(self, text: str) -> NoReturn:
        self._failure = self._door().text(text)
        raise AnsibleConnectionFailure(self._failure)

    def _lost(self, before: str, exc: BaseException) -> str:
        """What to say of a session that was lost; not every exception of an SSH library has a text."""
        error = to_text(exc)
        reason = "" if _is_empty(error) else ": %s" % error.rstrip(".")
        return "%s: the session was lost before %s%s." % (self._device(), before, reason)

    def _refused_enable(self, reason: str) -> str:
        context = self._play_context
        return enable_refused(self._device(), context.remote_user, context.become_pass, reason)


def _is_shown(level: str) -> bool:
    """Whether core shows or logs messages of this level. There are dozens, and to look through one for secrets takes time."""
    if level == "log":
        return bool(C.DEFAULT_LOG_PATH)
    return level.strip("v") != "" or display.log_verbosity >= len(level)


def _is_empty(error: str) -> bool:
    """Whether an error says nothing; core puts the name of the class where an error of its own has no text."""
    return not error or error.startswith("Unexpected Ansible")


def _is_enable(command: bytes | None) -> bool:
    return command is not None and command.strip() == b"enable"
