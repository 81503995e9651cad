# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listen to what the image agent prints while it is debugged, and always switch debugging off again."""

from __future__ import annotations

import contextlib
import re
import signal
from typing import Any, Callable, Iterable, Iterator, NoReturn, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import log_lines, long_lines, outcome, refusal, show
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.observation import status_of, version_of

Sleep = Callable[[float], None]

FLAGS = ("agent", "all", "connection", "error")
_OF_A_REFUSAL = 2  # lines: a mark below the command, and what is wrong
SETTLE = 1.0  # seconds for the device to print what it was about to print

_ANSWER = re.compile(r"(?:^|[>#\n]) ?cns image retrieve *\n(.*?)(?:\n\S+[>#]|\Z)", re.DOTALL)
# Echoes and prompts between what the agent printed.
_OURS = re.compile(
    r"(?:\S+[>#] ?)?(?:terminal (?:no )?monitor|no debug cns .*|cns image retrieve|configure terminal|end)?$|All cns image debug"
)
_RETRIEVE = (["cns image retrieve"], ["configure terminal", "cns image retrieve", "end"])


async def capture(device: Device, flags: list[str], duration: int, retrieve: bool, sleep: Sleep) -> list[str]:
    """Return the lines printed in ``duration`` seconds, as the agent printed them.

    ``retrieve``: trigger an upgrade once debugging is on, in privileged EXEC, or in global configuration where the
    release takes it there only. Raises Refused and DeviceAway, and CnsError where debugging could not be switched off. After
    a retrieval was tried the error says so (C(details["changed"])).
    """
    if retrieve:
        await _check_agent(device)
    try:
        return await _capture(device, flags, duration, retrieve, sleep)
    except Refused:
        raise
    except CnsError as error:
        error.details["changed"] = retrieve
        raise


async def _check_agent(device: Device) -> None:
    """A device that was not understood is not triggered, nor is one that is being upgraded."""
    await version_of(device)
    status = await status_of(device)  # a release without the agent refuses to debug it, too
    if status and outcome.in_progress({"status": status}):
        raise Refused(
            "An upgrade is in progress: one that started at %s has not ended. No retrieval was tried. "
            "Wait for it (cns_image_wait), or debug without retrieve." % status["last_upgrade"]["started"],
            device_said="",
        )


async def _capture(device: Device, flags: list[str], duration: int, retrieve: bool, sleep: Sleep) -> list[str]:
    for commands in _RETRIEVE if retrieve else ([],):
        printed = (await _listen(device, flags, duration, commands, sleep)).replace("\r", "")
        answer = _first_lines(_ANSWER.search(long_lines.beginnings(printed))) if commands else ""
        if not show.unsupported(answer):
            break
    if refusal.lines(answer):
        raise Refused(
            "The device refused 'cns image retrieve': %s. No retrieval was started." % refusal.brief(answer),
            device_said=printed,
        )
    return [line for line in printed.splitlines() if long_lines.is_long(line) or not _OURS.match(line.strip())]


def _first_lines(answer: Optional[re.Match[str]]) -> str:
    """The beginning of an answer: what follows may be what the agent prints."""
    lines = log_lines.without(answer[1] if answer else "").splitlines()
    return "\n".join([line for line in lines if line.strip()][:_OF_A_REFUSAL])


async def _listen(device: Device, flags: list[str], duration: int, commands: Iterable[str], sleep: Sleep) -> str:
    """While the device prints by itself the end of an answer cannot be told, so nothing is read before all is quiet."""
    for flag in flags:
        await device.execute("debug cns image " + flag)
    with _interrupts_as_exceptions():
        try:
            await device.say("terminal monitor")
            for command in commands:
                await device.say(command)
            sleep(duration)
        finally:
            printed = await _switch_off(device, flags, sleep)
    return printed


async def _switch_off(device: Device, flags: list[str], sleep: Sleep) -> str:
    """Return what was printed until debugging was off."""
    try:
        for flag in flags:
            await device.say("no debug cns image " + flag)
        sleep(SETTLE)
        printed = await device.show("terminal no monitor")
        for flag in flags:  # once more, now that its answer can be read
            await device.execute("no debug cns image " + flag)
    except Refused:
        await device.execute("undebug all")
    except DeviceAway as away:
        await _switch_off_again(device, flags, away.message)
    return printed


async def _switch_off_again(device: Device, flags: list[str], lost: str) -> NoReturn:
    """The session is lost, and with it what was printed; where the device is still there, a new one serves."""
    try:
        for flag in flags:
            await device.execute("no debug cns image " + flag)
    except (DeviceAway, Refused):
        raise CnsError(
            "Debugging could not be switched off, because the device does not answer: %s. If it did not reload, send it "
            "'undebug all'." % lost.rstrip(".")
        ) from None
    raise CnsError("The session ended while the agent was debugged. Debugging is off again. %s" % lost)


@contextlib.contextmanager
def _interrupts_as_exceptions() -> Iterator[None]:
    """Let a termination signal unwind the stack, so that what was switched on is switched off."""

    def interrupt(number: int, frame: Any) -> None:  # pylint: disable=unused-argument
        raise KeyboardInterrupt

    try:
        previous = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not in the main thread, where no signal arrives either
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
