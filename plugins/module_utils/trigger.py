# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send C(cns image retrieve) in the mode in which the release takes it."""

from __future__ import annotations

from typing import Optional

from ansible_collections.cns.image_agent.plugins.module_utils import log_lines, long_lines, show
from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, InputError, Refused

MODES = ("auto", "exec", "config")

# Device text that means no, whatever line it stands on.
_NO_WORDS = ("error", "fail", "not configured", "not enabled")


# What to do about a refusal, by words of it.
_ADVICE = (
    (
        ("authoriz", "privilege", "denied", "permission"),
        "Give the user the right to this command (privileged EXEC by ansible_become: true, and command authorization of AAA).",
    ),
    (
        ("not enabled", "not configured"),
        "Configure the image agent first, with cns.image_agent.cns_image or the role cns.image_agent.agent.",
    ),
    (("incomplete command",), "This release wants the URLs in the command: give server, and status if there is one."),
)
_UNKNOWN_COMMAND = {
    "exec": "Try mode: config, in which some releases take it,",
    "config": "Try mode: exec, in which most releases take it,",
    "auto": "Neither mode takes it: see whether the release has the image agent,",
}


def command_line(server: Optional[str], status: Optional[str]) -> str:
    """The command for the given URLs; None for the configured ones. Raises InputError."""
    if status and not server:
        raise InputError("status is given without server: on the device a status URL belongs to a server URL.")
    words = ["cns image retrieve"]
    for option, url in (("server", server), ("status", status)):
        words += [option, cli.word(option, url)] if url else []
    return " ".join(words)


async def send(device: Device, command: str, mode: str) -> None:
    """Send the command to a ``device.Device``. Raises Refused and DeviceAway.

    ``mode`` V(auto) tries privileged EXEC, and global configuration only where EXEC does not know the command.
    """
    if mode != "config":
        try:
            _check_answer(command, await device.execute(command))
            return
        except Refused as refused:
            if mode == "exec" or not _unknown(refused.details["device_said"]):
                raise await _why(device, command, refused) from None
    try:
        answers = await device.configure([command])
    except Refused as refused:
        raise await _why(device, command, refused) from None
    _check_answer(command, answers[0])


def _unknown(said: str) -> bool:
    """Whether the mode does not know the command; one that wants more words of it does."""
    return show.unsupported(said) and not show.incomplete(said)


async def _why(device: Device, command: str, refused: Refused) -> Refused:
    """The refusal, or a better one where the session has no right to the command."""
    if _unknown(refused.details["device_said"]):
        try:
            await device.check_privilege(command, refused.details["device_said"])
        except Refused as unprivileged:
            return unprivileged
        except DeviceAway:
            pass  # the refusal stands
    return refused


def advice(said: str, mode: str) -> str:
    """State and remedy after a refusal of the device, which ``said`` why; ``mode`` is the one that was asked for."""
    remedy = next((do for words, do in _ADVICE if any(word in said.lower() for word in words)), None)
    if _unknown(said):
        remedy = _UNKNOWN_COMMAND[mode] + " and whether the session is in privileged EXEC (ansible_become: true)."
    return "Nothing was started. " + (remedy or "See 'show cns image status' and the log of the device, then try again.")


def _check_answer(command: str, answer: str) -> None:
    """Raise Refused where the device says no; where the log may have broken what it says, that is not known."""
    lines = long_lines.beginnings(log_lines.without(answer)).splitlines()
    no = [line for line in lines if any(word in line.lower() for word in _NO_WORDS)]
    if no and not log_lines.cut(answer):
        raise Refused("The device refused %r: %s" % (command, no[0]), device_said=answer)
