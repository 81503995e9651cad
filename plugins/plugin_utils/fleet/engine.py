# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many devices from one process: one event loop, at most so many logins at a time, and no device that harms another."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Optional, TypeVar

T = TypeVar("T")

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_WATCH = 1.0  # seconds between two looks whether the playbook is still there


class Interrupted(Exception):
    """The work was ended from outside. ``signal`` is the number of the signal, None if the playbook is gone."""

    def __init__(self, number: Optional[int]):
        super().__init__("interrupted")
        self.signal = number


async def run(work: Mapping[str, Callable[[], Awaitable[T]]], at_fault: Callable[[str, Exception], T]) -> dict[str, T]:
    """Run the ``work`` for every host, all at once, and return what each of them returned.

    An exception of one is turned into a result by ``at_fault(host, exception)``, and does not concern the others. Raises
    Interrupted on SIGTERM, on SIGINT, and once the process that started this one has ended; everything that ran was
    cancelled by then and has had the time to clean up.
    """

    async def one(host: str) -> T:
        try:
            return await work[host]()
        except Exception as fault:  # whatever it is: it ends this device, not the wave
            return at_fault(host, fault)

    everything = asyncio.gather(*map(one, work))
    ended: list[Optional[int]] = []

    def end(number: Optional[int]) -> None:
        ended.append(number)
        everything.cancel()

    watch = asyncio.ensure_future(_playbook_ends(end))
    try:
        with _signals(end):
            return dict(zip(work, await everything))
    except asyncio.CancelledError:
        raise Interrupted(ended[0] if ended else None) from None
    finally:
        watch.cancel()


async def _playbook_ends(end: Callable[[Optional[int]], None]) -> None:
    playbook = os.getppid()
    while os.getppid() == playbook:
        await asyncio.sleep(_WATCH)
    end(None)


@contextlib.contextmanager
def _signals(end: Callable[[Optional[int]], None]) -> Iterator[None]:
    """Call ``end`` on a signal, and give the signals back to whom they belonged."""
    loop = asyncio.get_running_loop()
    former = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        loop.add_signal_handler(number, end, number)
    try:
        yield
    finally:
        for number, handler in former.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
