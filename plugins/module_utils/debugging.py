# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listen to what the image agent prints while it is debugged, and always switch debugging off again."""

from __future__ import annotations

import contextlib
import re
import signal
from typing import Any, Callable, Iterable, Iterator, NoReturn

from ansible_collections.cns.image_agent.plugins.module_utils import secret, show
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.observation import version_of

Sleep = Callable[[float], None]

FLAGS = ("agent", "all", "connection", "error")
SETTLE = 1.0  # seconds for the device to print what it was about to print

_INVALID = re.compile(r"cns image retrieve\s+\^\s+% ?Invalid input")
# Echoes and prompts between what the agent printed.
_OURS = re.compile(
    r"(?:\S+[>#] ?)?(?:terminal (?:no )?monitor|no debug cns .*|cns image retrieve|configure terminal|end)?$|All cns image debug"
)
_RETRIEVE = (["cns image retrieve"], ["configure terminal", "cns image retrieve", "end"])


async def capture(device: Device, flags: list[str], duration: int, retrieve: bool, sleep: Sleep) -> list[str]:
    """Return the lines printed in ``duration`` seconds, with secrets masked.

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
    """A device that was not understood is not triggered."""
    await version_of(device)
    await device.ask("show cns image status", show.image_status)  # a release without the agent refuses to debug it, too


async def _capture(device: Device, flags: list[str], duration: int, retrieve: bool, sleep: Sleep) -> list[str]:
    for commands in _RETRIEVE if retrieve else ([],):
        printed = await _listen(device, flags, duration, commands, sleep)
        if not _INVALID.search(printed):
            return [line for line in secret.mask(printed).splitlines() if not _OURS.match(line.strip())]
    raise Refused("The device refused 'cns image retrieve' in both modes.", device_said=secret.mask(printed))


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
