# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal of a rollout: one file on the controller, one line of JSON per device and step.

A line is written, whole, before what it tells of is done, so a run that is interrupted at any moment can be run again::

    {"at": seconds since the epoch, "host": name, "step": step, "target": {"version", "image"}, ...}

Steps of a device, and what stands beside them:

``preflight``   ready (bool), findings, running (version, image_file, model)
``triggering``  before (the observation)
``triggered``
``phase``       phase: away, working or waiting
``ended``       outcome, reason, elapsed (seconds), reloads, after (the observation, where there is one). Beside the outcomes of
                the modules: blocked (by the preflight) and skipped (not started, the reason says why)
``checked``     differences between before and after that matter to an operator

Steps of the rollout, whose ``host`` is null:

``rollout``     waves (lists of host names), stop_at, window_end
``wave``        wave (from 1), of, hosts
``stopped``     wave, reason
``finished``
"""

from __future__ import annotations

import json
import os
import time

from ansible_collections.cns.image_agent.plugins.module_utils import outcome, secret

# After these the device may still be at work: it is asked, not triggered.
_OPEN_ENDS = (outcome.TIMEOUT, outcome.UNKNOWN)


class Journal:
    """Appends to, and reads, the file at ``path``; without a path nothing is written and nothing was."""

    def __init__(self, path):
        self._path = os.path.expanduser(path) if path else None

    def write(self, host, step, **data):
        """Append one line. Secrets are masked. Raises OSError where the file cannot be written."""
        if not self._path:
            return
        entry = dict(at=round(time.time(), 3), host=host, step=step, **secret.mask(data))
        line = (json.dumps(entry, sort_keys=True) + "\n").encode()
        folder = os.path.dirname(os.path.abspath(self._path))
        os.makedirs(folder, exist_ok=True)
        # One write to a file opened for appending: lines of several processes do not mix.
        handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line if _ends_a_line(handle) else b"\n" + line)
            os.fsync(handle)
        finally:
            os.close(handle)

    def entries(self):
        """Every whole line, as dicts, oldest first. A line that was cut off is left out."""
        if not self._path or not os.path.exists(self._path):
            return []
        found = []
        with open(self._path, encoding="utf-8") as lines:
            for line in lines:
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict) and isinstance(entry.get("step"), str):
                    found.append(entry)
        return found

    def open_trigger(self, host, target):
        """The ``triggering`` entry of an upgrade to ``target`` that nobody has seen the end of, or None."""
        trigger = None
        for entry in self.entries():
            if entry.get("host") != host or entry.get("target") != target:
                continue
            if entry.get("step") == "triggering":
                trigger = entry
            elif entry.get("step") == "ended" and entry.get("outcome") not in _OPEN_ENDS:
                trigger = None
        return trigger


def _ends_a_line(handle):
    """Whether the file is whole: a line that was cut off must not take the next one with it."""
    size = os.fstat(handle).st_size
    return not size or os.pread(handle, 1, size - 1) == b"\n"
