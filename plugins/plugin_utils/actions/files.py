# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that actions write on the controller."""

from __future__ import annotations

import os
import pathlib
import tempfile


def check_writable(path: str) -> None:
    """Raise OSError unless write_text can write the file. Its folder is made if need be."""
    file = pathlib.Path(path).absolute()
    check_writable_someday(path)
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(prefix="." + file.name, dir=file.parent):
        pass


def check_writable_someday(path: str) -> None:
    """The same as far as it can be known without making a folder: for check mode."""
    file = pathlib.Path(path).absolute()
    folder = next(parent for parent in file.parents if os.path.lexists(parent))
    if file.is_dir():
        raise OSError("it is a folder")
    if not folder.is_dir():
        raise OSError("%s is a file, not a folder" % folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError("this user may not write in %s" % folder)


def write_text(path: str, text: str) -> bool:
    """Write a file that only its owner and group can read, in a folder that is made if need be; whether it is another now."""
    file = pathlib.Path(path).absolute()
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    data = text.encode("utf-8", "replace")
    if file.is_file() and file.read_bytes() == data:
        return False
    # A name that nobody can know beforehand, and put a link there; it is private before it holds anything.
    handle, new = tempfile.mkstemp(prefix="." + file.name, dir=file.parent)
    try:
        with open(handle, "wb") as made:
            made.write(data)
            os.fchmod(handle, 0o640)
        os.replace(new, file)
    except OSError:
        os.unlink(new)
        raise
    return True
