# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The header at the start of every image file of the lab: what the image is and whether it boots."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

MAGIC = b"CNS-LAB-IMAGE 1 "
MAX_HEADER = 2048


@dataclass(frozen=True)
class ImageHeader:
    """What a device learns from the first bytes of an image.

    `families` and `models` name the hardware the image is for (empty: any).
    """

    version: str
    families: tuple[str, ...] = ()
    bootable: bool = True
    models: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """One line: the magic, then the fields as JSON."""
        return MAGIC + json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_bytes(cls, start: bytes) -> ImageHeader:
        """Read the header from the first MAX_HEADER bytes of a file. ValueError if they are not those of an image."""
        line, end, _rest = start[:MAX_HEADER].partition(b"\n")
        if not end or not line.startswith(MAGIC):
            raise ValueError("not an image file")
        try:
            fields = json.loads(line[len(MAGIC) :])
            return cls(
                version=str(fields["version"]),
                families=tuple(fields["families"]),
                bootable=bool(fields["bootable"]),
                models=tuple(fields["models"]),
            )
        except (ValueError, KeyError, TypeError) as exc:
            raise ValueError("not an image file: its header is damaged") from exc

    def fits(self, family: str, model: str) -> bool:
        """Whether this hardware can run the image."""
        return (not self.families or family in self.families) and (not self.models or model in self.models)
