# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flash of a device: names, sizes and checksums. Contents are not kept, so a thousand devices fit in memory."""

from __future__ import annotations

from dataclasses import dataclass

from ..agent.image_header import ImageHeader


class FlashFull(Exception):
    """There is no room for the file."""


@dataclass(frozen=True)
class FlashFile:
    """One file; `image` is its header when it is an image, `md5` in hexadecimal."""

    name: str
    size: int
    md5: str
    image: ImageHeader | None = None


class Flash:
    """A file system of `size` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.files: dict[str, FlashFile] = {}

    @property
    def free(self) -> int:
        return self.size - sum(file.size for file in self.files.values())

    def within(self, folder: str) -> dict[str, FlashFile]:
        """The files of a folder (`name/`; "": of all) and below it, by their names from there."""
        return {name[len(folder) :]: file for name, file in self.files.items() if name.startswith(folder)}

    def store(self, name: str, size: int, md5: str, image: ImageHeader | None = None) -> FlashFile:
        """Write a file, in the place of one with the same name. FlashFull when it does not fit."""
        old = self.files.get(name)
        if size > self.free + (old.size if old else 0):
            raise FlashFull(f"{name} needs {size} bytes, {self.free} are free")
        self.files[name] = FlashFile(name, size, md5, image)
        return self.files[name]

    def remove(self, name: str) -> None:
        """Delete a file. KeyError when there is none."""
        del self.files[name]
