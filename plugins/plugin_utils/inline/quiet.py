# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What SSH libraries would print by themselves."""

from __future__ import annotations

import logging
import warnings

_AGE = r"(?is).*\b(deprecated|moved to|decrepit|removed)\b"
_LIBRARIES = ("ansible-pylibssh", "paramiko", "asyncssh")


def be_quiet() -> None:
    """Keep it off the user's screen. To be called before a library is imported."""
    # That an algorithm is old was the user's decision; the cryptography package tells of it once per process and algorithm.
    warnings.filterwarnings("ignore", message=_AGE, module=r"(asyncssh|paramiko)\b")
    # Without a handler Python prints the libraries' warnings to stderr, and core reports that as a fault of the worker.
    for library in _LIBRARIES:
        if not logging.getLogger(library).handlers:
            logging.getLogger(library).addHandler(logging.NullHandler())
    # It runs in a worker, which was forked while another thread may have been writing to the log file of Ansible
    # (ANSIBLE_LOG_PATH): the lock of that file is then held for ever, and a line to the log would wait for it.
    logging.getLogger("asyncssh").propagate = False
