# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Open a file that is believed, as a journal is: nobody else may have put it, or a link, in its place. And append to it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Iterator

_PATIENCE, _BETWEEN = 10.0, 0.01  # seconds; a line is written in a thousandth of one


@contextlib.contextmanager
def opened(path: str, flags: int) -> Iterator[int]:
    """The descriptor of a file, closed at the end. With C(os.O_CREAT) file and folder are made if need be.

    Raises OSError; its text is a reason in words if the file is not one to believe.
    """
    folder = os.path.dirname(os.path.abspath(path))
    if flags & os.O_CREAT:
        os.makedirs(folder, mode=0o750, exist_ok=True)
    for state in (os.lstat(folder), os.stat(folder)):  # a link to the folder may be another's, too
        _check_owner(state, "its folder")
    _check_no_link(path)
    # Not blocking: what looks like a file may be a pipe that nobody writes into.
    handle = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise OSError("it is not a regular file")
        _check_owner(state, "it")
        yield handle
    finally:
        os.close(handle)


def lock(handle: int, patience: float = _PATIENCE) -> None:
    """Have the file for oneself until it is closed. Raises OSError if another process, stopped perhaps, does not let go of it."""
    end = time.monotonic() + patience
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise OSError("another process has kept it locked for %d seconds" % patience) from None
        time.sleep(_BETWEEN)


def append(handle: int, data: bytes, lasting: bool = False) -> None:
    """Write all of it at the end of a file, or else nothing. Raises OSError.

    A file system that is nearly full takes a part, and says so when it is asked for the rest; one of another machine may say so
    only when it is asked to make it last, as ``lasting`` does.
    """
    size = os.fstat(handle).st_size
    try:
        while data:
            data = data[os.write(handle, data) :]
        if lasting:
            os.fsync(handle)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(handle, size)
        raise


def _check_no_link(path: str) -> None:
    """Say it in words; that no link is followed is for C(os.O_NOFOLLOW) to see to."""
    if os.path.islink(path):
        raise OSError("it is a symbolic link, and links are not followed")


def _check_owner(state: os.stat_result, what: str) -> None:
    if state.st_uid not in (os.geteuid(), 0):
        raise OSError("%s belongs to another user (user ID %d)" % (what, state.st_uid))
