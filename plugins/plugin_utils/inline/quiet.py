# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What SSH libraries would print by themselves. Importing this keeps it off the user's screen."""

from __future__ import annotations

import logging
import warnings

# That an algorithm is old was the user's decision; the cryptography package tells of it once per process and algorithm.
warnings.filterwarnings("ignore", message=r"(?is).*\b(deprecated|moved to|decrepit|removed)\b", module=r"(asyncssh|paramiko)\b")

# Without a handler Python prints the libraries' warnings to stderr, and core reports that as a fault of the worker.
for _library in ("ansible-pylibssh", "paramiko", "asyncssh"):
    logging.getLogger(_library).addHandler(logging.NullHandler())
