# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a command on a terminal of its own, and type there: typist.py COMMAND, and on stdin a JSON list of [pattern, keys].

Keys are typed once what was printed matches the pattern; null in their place kills the command.
"""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sys


def main(command: list[str], script: list[list[str | None]]) -> int:
    process, terminal = pty.fork()
    if not process:
        os.execvp(command[0], command)
    printed = ""
    while said := _read(terminal):
        sys.stdout.write(said)
        printed += said
        while script and (found := re.search(script[0][0], printed)):
            printed, keys = printed[found.end() :], script.pop(0)[1]
            if keys is None:
                os.kill(process, signal.SIGKILL)
            else:
                os.write(terminal, keys.encode())
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _read(terminal: int) -> str:
    """What was printed; nothing once the command has ended, of which the terminal tells by an error."""
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(abs(main(sys.argv[1:], json.load(sys.stdin))))
