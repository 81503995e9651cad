# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the progress of a rollout while it goes on."""

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_progress
type: aggregate
author:
  - The cns.image_agent authors (@cns-image-agent)
short_description: Show which device of a rollout is in which phase, and how long it will take
version_added: 1.0.0
description:
  - Shows each device in progress with its phase, how many devices have ended, the time so far, and an estimate of the time
    to go, which comes from the devices that were upgraded already. It works beside any stdout callback.
  - Follows the journal of the rollout, to which the tasks append while they wait for their devices. So it also shows what
    happens during a task that takes half an hour. It finds the journal by itself when a task of
    M(cns.image_agent.cns_rollout) uses it, as the role P(cns.image_agent.upgrade#role) does.
  - On a terminal the display is redrawn, which needs the Python library C(rich). Everywhere else it prints a line when a device
    enters a phase, and at most once a minute a line that sums up. If nothing changes it prints nothing.
  - For 50 devices and more it shows what matters of them, how many are in which phase, those that have been in theirs for the
    longest, and those that failed, in place of a line for each.
  - In AWX put C(callbacks_enabled=cns.image_agent.cns_progress) into the C(ansible.cfg) of the project, or
    C(ANSIBLE_CALLBACKS_ENABLED) into the environment of the job. The lines then appear in the output of the job as they come.
requirements:
  - enable it with C(callbacks_enabled=cns.image_agent.cns_progress) in the section C(defaults) of C(ansible.cfg), or with
    C(ANSIBLE_CALLBACKS_ENABLED=cns.image_agent.cns_progress) in the environment
  - rich (for the display that is redrawn)
options:
  journal:
    description: The journal to follow from the start. Only needed for tasks that have a journal and no
      M(cns.image_agent.cns_rollout) beside them.
    type: path
    env:
      - name: CNS_PROGRESS_JOURNAL
    ini:
      - section: callback_cns_progress
        key: journal
  style:
    description:
      - V(rich) is redrawn, V(plain) prints lines.
      - V(auto) takes V(rich) where output and errors go to a terminal, and V(plain) elsewhere, also in AWX and ansible-runner.
    type: str
    choices: [auto, rich, plain]
    default: auto
    env:
      - name: CNS_PROGRESS_STYLE
    ini:
      - section: callback_cns_progress
        key: style
  interval:
    description: Seconds between two polls of the journal.
    type: float
    default: 1
    env:
      - name: CNS_PROGRESS_INTERVAL
    ini:
      - section: callback_cns_progress
        key: interval
"""

EXAMPLES = r"""
ansible.cfg: |
  # Show the progress of rollouts
  [defaults]
  callbacks_enabled = cns.image_agent.cns_progress

  [callback_cns_progress]
  style = plain
"""

import os
import sys
import time
from typing import Any

from ansible import constants as C
from ansible import context
from ansible.plugins.callback import CallbackBase

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.screens import HAS_RICH, LiveScreen, PlainScreen
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.watch import Watch

_TELLS_THE_JOURNAL = "cns.image_agent.cns_rollout"
_SHORTEST = 0.1  # seconds between two looks


class CallbackModule(CallbackBase):
    """Starts to follow the journal as soon as it knows which one it is, and stops at the end of the playbook."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "cns.image_agent.cns_progress"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._since = time.time()
        self._watch: Watch | None = None

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Follow the journal that the user named."""
        if self.get_option("journal"):
            self._follow(self.get_option("journal"), context.CLIARGS.get("forks") or C.DEFAULT_FORKS)

    def v2_runner_on_ok(self, result: Any) -> None:
        """Follow the journal of the first rollout."""
        if self._watch is None and result.task.resolved_action == _TELLS_THE_JOURNAL:
            self._follow(result.task_fields["args"]["journal"], None)  # one process takes a whole wave

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Show the last of it."""
        if self._watch is not None:
            self._watch.stop()

    def _follow(self, path: str, slots: int | None) -> None:
        interval = max(_SHORTEST, self.get_option("interval"))
        self._watch = Watch(path, self._screen(), self._since, slots, interval)
        self._watch.start()

    def _screen(self) -> Any:
        style = self.get_option("style")
        wanted = style == "rich" or (style == "auto" and _on_a_terminal())
        if wanted and HAS_RICH:
            return LiveScreen(sys.stderr.fileno())
        if wanted:
            self._display.display("cns_progress prints lines: for a display that is redrawn install the Python library rich.")
        return PlainScreen(lambda line: self._display.display(Door().line("[progress] " + line)))


def _on_a_terminal() -> bool:
    """Whether a person looks on. A runner gives the playbook a terminal as well, and keeps what is printed."""
    runner = C.DEFAULT_STDOUT_CALLBACK == "awx_display"
    return sys.stdout.isatty() and sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not runner
