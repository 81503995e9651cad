# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send C(cns image retrieve) in the mode in which the release takes it."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils import secret, show
from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError, Refused

MODES = ("auto", "exec", "config")

# Device text that means no, whatever line it stands on.
_NO_WORDS = ("error", "fail", "not configured", "not enabled")


def command_line(server, status):
    """The command for the given URLs; None for the configured ones. Raises InputError."""
    if status and not server:
        raise InputError("status is given without server: on the device a status URL belongs to a server URL.")
    words = ["cns image retrieve"]
    for option, url in (("server", server), ("status", status)):
        words += [option, cli.word(option, url)] if url else []
    return " ".join(words)


def send(device, command, mode):
    """Send the command to a ``device.Device``. Raises Refused and DeviceAway.

    ``mode`` V(auto) tries privileged EXEC, and global configuration only where EXEC does not know the command.
    """
    if mode != "config":
        try:
            _check_answer(command, device.execute(command))
            return
        except Refused as refused:
            if mode == "exec" or not show.unsupported(refused.details["device_said"]):
                raise
    device.configure([command])


def _check_answer(command, answer):
    no = [line for line in answer.splitlines() if any(word in line.lower() for word in _NO_WORDS)]
    if no:
        said = secret.mask(answer)
        raise Refused("The device refused %r: %s" % (secret.mask(command), secret.mask(no[0])), device_said=said)
