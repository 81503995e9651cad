# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the receiver takes at most. Pure."""

from __future__ import annotations

import collections
import dataclasses
from typing import Any, Optional


@dataclasses.dataclass(frozen=True)
class Limits:
    """Bounds that a fleet does not reach, and that keep the memory flat whoever posts.

    ``body``: bytes of a message. ``connections``: open at the same time; who comes later waits to be accepted.
    ``seconds``: for which a connection may last, from the handshake of TLS to the answer. ``rate``: messages a second, in
    the long run; ``burst``: of them at once.
    """

    body: int = 64 * 1024
    connections: int = 200
    seconds: float = 10.0
    rate: float = 100.0
    burst: int = 2000


class Rate:
    """Lets through so many a second, and a burst of them at once."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._left: float = burst
        self._at: Optional[float] = None

    def allows(self, now: float) -> bool:
        """Whether one more is let through at the time ``now``, on a clock that nobody sets."""
        passed = 0.0 if self._at is None else max(0.0, now - self._at)
        self._at, self._left = now, min(self._burst, self._left + passed * self._rate)
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Buffer:
    """Holds what a slow taker has not taken yet. If it is full, what is oldest makes room, and that is counted."""

    def __init__(self, size: int) -> None:
        self._waiting: collections.deque[Any] = collections.deque(maxlen=size)
        self.dropped = 0

    def put(self, item: Any) -> bool:
        """Whether nothing was dropped for it."""
        full = len(self._waiting) == self._waiting.maxlen
        self.dropped += full
        self._waiting.append(item)
        return not full

    def take(self) -> Any:
        """What is oldest; None if nothing waits."""
        return self._waiting.popleft() if self._waiting else None

    def __len__(self) -> int:
        return len(self._waiting)
