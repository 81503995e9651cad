# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listen to what the image agent prints while it is debugged, and always switch debugging off again."""

from __future__ import annotations

import contextlib
import signal

from ansible_collections.cns.image_agent.plugins.module_utils import secret, trigger
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, DeviceAway, Refused

FLAGS = ("agent", "all", "connection", "error")
PAUSE = 1.0  # seconds between two looks at what was printed

# It answers nothing, so all that comes back with it was printed meanwhile.
_LISTEN = "terminal monitor"


def capture(device, flags, duration, retrieve, clock, sleep):
    """Return the lines printed in ``duration`` seconds, with secrets masked.

    ``retrieve``: trigger an upgrade once debugging is on. Raises Refused and DeviceAway, and CnsError where debugging
    could not be switched off.
    """
    printed = []
    with _interrupts_as_exceptions(), _debugging(device, flags, printed):
        if retrieve:
            trigger.send(device, "cns image retrieve", "auto")
        end = clock() + duration
        while clock() < end:
            sleep(min(PAUSE, max(0.0, end - clock())))
            printed += device.show(_LISTEN).splitlines()
    return secret.mask("\n".join(line for line in printed if line.strip())).splitlines()


@contextlib.contextmanager
def _debugging(device, flags, printed):
    device.execute(_LISTEN)
    try:
        for flag in flags:
            printed += device.execute("debug cns image " + flag).splitlines()
        yield
    finally:
        _switch_off(device, flags)


def _switch_off(device, flags):
    try:
        for flag in flags:
            device.execute("no debug cns image " + flag)
    except Refused:
        device.execute("undebug all")
    except DeviceAway as away:
        raise CnsError(
            "Debugging could not be switched off, because the device does not answer: %s If it did not reload, send it "
            "'undebug all'." % away.message
        ) from None
    device.execute("terminal no monitor")


@contextlib.contextmanager
def _interrupts_as_exceptions():
    """Let a termination signal unwind the stack, so that what was switched on is switched off."""

    def interrupt(number, frame):  # pylint: disable=unused-argument
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
