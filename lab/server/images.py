# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image files: made once, and the same bytes every time for the same catalogue entry."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
from dataclasses import dataclass
from pathlib import Path

from .catalogue import Catalogue, Image

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class ImageFile:
    """An image on disk; `md5` in hex, `size` in bytes."""

    path: Path
    size: int
    md5: str


class ImageFiles:
    """The files of the images in one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files: dict[Image, ImageFile] = {}
        self._making = asyncio.Lock()

    async def make(self, catalogue: Catalogue) -> None:
        """Make what is missing, off the event loop: an image may be large."""
        async with self._making:
            for image in catalogue.images.values():
                if image not in self._files:
                    self._files[image] = await asyncio.to_thread(make_image, self._directory / image.name, image)

    def __getitem__(self, image: Image) -> ImageFile:
        """The file of an image of the catalogue that `make` has seen. KeyError otherwise."""
        return self._files[image]


def make_image(path: Path, image: Image) -> ImageFile:
    """Write the file: its header, then bytes that follow from name and version."""
    noise = random.Random(f"{image.name} {image.version}")
    digest = hashlib.md5(usedforsecurity=False)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        missing = image.size
        block = image.header.to_bytes()
        while missing:
            file.write(block)
            digest.update(block)
            missing -= len(block)
            block = noise.randbytes(min(CHUNK, missing))
    os.replace(part, path)
    return ImageFile(path, image.size, digest.hexdigest())
