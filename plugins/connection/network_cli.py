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
  - A session that the device closed, or that ran into a timeout, is opened anew by the next command of the task.
requirements:
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
seealso:
  - plugin: ansible.netcommon.network_cli
    plugin_type: connection
"""

import contextlib
import os
import signal
import threading
import time
import weakref

from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.common.text.converters import to_text
from ansible.utils.display import Display
from ansible_collections.ansible.netcommon.plugins.cache.memory import CacheModule
from ansible_collections.ansible.netcommon.plugins.connection.network_cli import Connection as NetworkCli

from ansible_collections.cns.image_agent.plugins.module_utils.secret import mask
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.answer import (
    ASK,
    COMPLETE,
    WINDOW,
    Answer,
    shows_text,
)
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.dialogue import Dialogue
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.rpc import InlineRpc
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.shell import SESSION_LOST, read

display = Display()

# Seconds of silence that end a dialogue, in which nothing may be sent to make certain. The default of the stock plugin.
_SILENCE = 0.1
# Longest single wait for data, in seconds: how soon a reader notices that the task is over.
_SLICE = 0.05
# Seconds to wait for a reader that was told to stop. Only a login that hangs inside the SSH library takes longer.
_PATIENCE = 2
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Connection(NetworkCli):
    """Serves its task from the task's own worker. One thread speaks to the device: the one that serves the modules."""

    transport = "cns.image_agent.network_cli"
    force_persistence = False

    # In a loop over several devices core drops the connection of the last item without closing it.
    _serving = None

    def __init__(self, *args, **kwargs):
        self._rpc = None
        self._former_handlers = {}
        self._closing = False
        self._logged_in_as = None
        self._setting_up = False
        self._failure = None
        self._prompt = None
        self._out_of_step = False
        self._echoes = True
        super().__init__(*args, **kwargs)
        self._task_context = self._play_context

    # -- what core and action plugins use ---------------------------------------------------------------------------

    @property
    def socket_path(self):
        """Where modules find the connection. Read when a module is about to run; nothing is sent to the device yet."""
        if self._rpc is None:
            self._start_serving()
        return self._rpc.path

    def set_options(self, task_keys=None, var_options=None, direct=None):
        """Core sets the options of the next loop item on the same plugin: it may be another device, user or privilege."""
        if task_keys is not None:
            # Right after this call core puts a copy in its place, in which values that are templates are not resolved.
            self._task_context = self._play_context
        if self._connected and self._logged_in_as != self._login():
            self._disconnect()
            self._ssh_type_conn = None
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)

    def exec_command(self, cmd, in_data=None, sudoable=True):
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

    def reset(self):
        """Close the session. The next command opens a new one."""
        self._disconnect()
        self.queue_message("vvvv", "reset call on connection instance")

    def close(self):
        """Close the session and stop serving. From inside a request, which still has to be answered, only the former."""
        self._end()
        self._show_messages()

    def get_cache(self):
        """The answers kept in single user mode.

        The parent of netcommon 8.2 asks the cache loader of core, which refuses all caches but those of facts since core 2.19.
        """
        if self._cache is None:
            self._cache = CacheModule()
        return self._cache

    # -- serving ----------------------------------------------------------------------------------------------------

    def _start_serving(self):
        previous = Connection._serving and Connection._serving()
        if previous is not None:
            previous.close()
        self._closing = False
        self._rpc = InlineRpc(self, wire_log=self._log_wire, after_request=self._show_messages)
        Connection._serving = weakref.ref(self)
        if threading.current_thread() is threading.main_thread():
            self._former_handlers = {number: signal.signal(number, self._end_on_signal) for number in _SIGNALS}
        self.queue_message("vvvv", "serving the modules of this task on %s" % self._rpc.path)
        self._show_messages()

    def _end(self):
        hangs = False
        if self._rpc is not None and not self._rpc.is_current_thread():
            rpc, self._rpc = self._rpc, None
            self._closing = True
            hangs = not rpc.stop(_PATIENCE)
        if not hangs:  # in the login of the SSH library, which can only end with the process
            self._disconnect()
        for number, handler in self._former_handlers.items():
            signal.signal(number, handler)
        self._former_handlers = {}

    def _end_on_signal(self, number, _frame):
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

    def _log_wire(self, text):
        if self.get_option("persistent_log_messages"):
            display.display(text, log_only=True)

    def _show_messages(self):
        """Show what the parent queued, by the rules of core for messages of a helper process."""
        for level, text in self.pop_messages():
            if level == "log":
                display.display(text, log_only=True)
            elif level == "warning":
                display.warning(text)
            elif level == "error":
                display.error(text)
            else:
                getattr(display, level, display.vvvv)(text, host=self._task_context.remote_addr)

    def _update_connection_state(self):
        """There is no helper process to look for."""

    # -- the session ------------------------------------------------------------------------------------------------

    def _connect(self):
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
            raise AnsibleConnectionFailure(self._explain(exc, time.monotonic() - started)) from None
        finally:
            self._setting_up = False
            self._failure = None
            if not is_ready:
                self._disconnect()
        return self

    @contextlib.contextmanager
    def _signals_for_children(self):
        """Let a proxy command be ended by a signal: it inherits which ones are blocked, and libssh waits for its end.

        The thread that paramiko starts inherits it as well, and had better get none; so only where there is a proxy command.
        """
        proxied = self.ssh_type == "libssh" or self.ssh_type_conn.get_option("proxy_command")
        before = signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS if proxied else ())
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _explain(self, exc, elapsed):
        """Add to an error of the login what SSH libraries and terminal plugins leave out."""
        error = to_text(exc)
        timeout = self.get_option("persistent_connect_timeout")
        if not self._connected and elapsed >= timeout:
            return (
                "connect timeout triggered, timeout value is %s secs: no login to %s. If the device needs longer, "
                "raise ansible_connect_timeout. The SSH library says: %s" % (timeout, self._device(), error)
            )
        if self._connected and not self._ssh_shell or _is_empty(error):
            return self._lost("the login was complete", exc)
        return error if not self._failure or self._failure in error else "%s: %s" % (error, self._failure)

    def _prepare_login(self):
        self._failure = self._prompt = self._cache = None
        self._out_of_step = False
        self._echoes = True
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

    def _login(self):
        context = self._task_context
        return context.remote_addr, context.port, context.remote_user, context.become

    def _set_width(self, cmd):
        """Set the terminal width in one command instead of two.

        cisco.ios sets 512 and then 0 (no limit), which not every release knows. So 0 goes first, and 512 where it is refused.
        """
        if cmd == b"terminal width 0":
            return b""
        try:
            return self.send(b"terminal width 0")
        except AnsibleConnectionFailure:
            return self.send(cmd)

    def _disconnect(self):
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

    def send(self, command, **kwargs):
        """Send a command and return its answer as the parent does, but never use a session in an unknown state again."""
        if self._failure:  # while setting up, where a terminal plugin tries the next command
            raise AnsibleConnectionFailure(self._failure)
        try:
            return super().send(command, **kwargs)
        except SESSION_LOST as exc:
            self._give_up(self._lost(_what(command), exc))
        finally:
            # What is only sent is answered later, in front of the answer to what comes next.
            self._out_of_step = bool(kwargs.get("sendonly"))
            if self._failure and not self._setting_up:
                self._failure = None
                self._disconnect()

    def receive(
        self,
        command=None,
        prompts=None,
        answer=None,
        newline=True,
        prompt_retry_check=False,
        check_all=False,
        strip_prompt=True,
    ):
        """Return the answer to a command, or wait for the first prompt if there is none.

        In place of the parent's two readers, one per library, which need signals and so the main thread.
        Raises AnsibleConnectionFailure with the text of an answer that is an error, or with what kept the answer from coming.
        """
        self._terminal_stderr_re = self._get_terminal_std_re("terminal_stderr_re")
        self._terminal_stdout_re = self._get_terminal_std_re("terminal_stdout_re")
        self._matched_prompt = self._matched_cmd_prompt = None
        self._window_count = 0
        self._log_messages("command: %s" % command)
        dialogue = Dialogue(self, prompts, answer, newline, prompt_retry_check, check_all) if prompts else None
        heard = self._answer_to(command, dialogue)
        try:
            self._listen(heard, command, dialogue)
        except SESSION_LOST as exc:
            self._give_up(self._lost(_what(command), exc))
        except AnsibleConnectionFailure as exc:
            self._failure = to_text(exc)
            raise
        return self._judge(heard, command, strip_prompt)

    def _answer_to(self, command, dialogue):
        """What will tell where the answer to ``command`` ends."""
        silence = self.get_option("persistent_buffer_read_timeout")
        if silence is not None:
            self._validate_timeout_value(silence, "persistent_buffer_read_timeout")
        elif dialogue or self._out_of_step or not _is_one_line(command):
            silence = _SILENCE
        configuring = self._is_config_prompt(self._prompt) and not shows_text(command)
        # What was only sent before is answered in front of this echo, and belongs to the answer, as with the parent.
        expected = None if self._out_of_step else command
        return Answer(self._prompt_at_end, expected, self._prompt, self._setting_up or configuring, silence, self._echoes)

    def _listen(self, heard, command, dialogue):
        timeout = self.get_option("persistent_command_timeout")
        self._validate_timeout_value(timeout, "persistent_command_timeout")
        deadline = time.monotonic() + (timeout or float("inf"))
        while True:
            now = time.monotonic()
            verdict = heard.verdict(now)
            if verdict is COMPLETE:
                return
            if verdict is ASK:
                self._ssh_shell.sendall(b"\r")
                heard.asked(now)
            if self._closing:
                self._give_up("%s: the task was ended before %s." % (self._device(), _what(command)))
            if now > deadline:
                self._give_up(self._timeout_text(timeout, command, b"" if dialogue else heard.heard))
            data = self._strip(read(self._ssh_shell, _SLICE))
            if data:
                self._window_count += 1
                self._last_recv_window = data
                self._log_messages("response-%s: %s" % (self._window_count, data))
                heard.hear(data, time.monotonic())
                if dialogue:
                    dialogue.hear(data)

    def _judge(self, heard, command, strip_prompt):
        self._last_response = text = heard.heard
        self._find_prompt(text[-WINDOW:])  # notes it for get_prompt()
        self._prompt = self._matched_prompt
        if command and _is_one_line(command) and not self._out_of_step:
            self._echoes = heard.echoed
        if self._find_error(text):
            raise AnsibleConnectionFailure(text)
        content = heard.content() if strip_prompt else None
        self._command_response = self._sanitize(text, command, strip_prompt) if content is None else content
        return self._command_response

    def _prompt_at_end(self, text):
        return next((found.group() for found in (regex.search(text) for regex in self._terminal_stdout_re) if found), None)

    def _is_config_prompt(self, prompt):
        pattern = getattr(self._terminal, "terminal_config_prompt", None)
        return bool(pattern and prompt and pattern.match(to_text(prompt).strip()))

    def _device(self):
        return "%s port %s" % (self._task_context.remote_addr, self._task_context.port or 22)

    def _give_up(self, text):
        self._failure = text
        raise AnsibleConnectionFailure(text)

    def _lost(self, before, exc):
        """What to say of a session that was lost; not every exception of an SSH library has a text."""
        error = to_text(exc)
        reason = "" if _is_empty(error) else ": %s" % error
        return "%s: the session was lost before %s%s" % (self._device(), before, reason)

    def _timeout_text(self, timeout, command, heard):
        """The first words are those of the stock plugin, which playbooks may look for."""
        lines = heard.strip().splitlines()
        last = " The last it said: '%s'." % mask(to_text(lines[-1].strip()))[-80:] if lines else ""
        return (
            "command timeout triggered, timeout value is %s secs: %s did not come to the end of %s.%s The session was closed. "
            "If the device needs longer, raise ansible_command_timeout." % (timeout, self._device(), _what(command), last)
        )


def _is_empty(error):
    """Whether an error says nothing; core puts the name of the class where an error of its own has no text."""
    return not error or error.startswith("Unexpected Ansible")


def _is_one_line(command):
    return command is None or len(command.strip().splitlines()) == 1


def _what(command):
    return "the login" if command is None else "the answer to '%s'" % mask(to_text(command.strip()))
