# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who gets which image: the catalogue of the image server."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..agent.image_header import ImageHeader
from ..agent.messages import InventoryReport
from ..releases import xe_release

DEFAULT_SIZE = 256 * 1024
ERASE_POLICIES = ("none", "as-needed")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()+-]{0,127}")
_VERSION = re.compile(r"\bVersion ([^\s,]+)")


@dataclass(frozen=True)
class Image:
    """An image file to hand out; `size` in bytes. `families` and `models` empty: for any hardware."""

    name: str
    version: str
    families: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    size: int = DEFAULT_SIZE
    bootable: bool = True

    def __post_init__(self) -> None:
        if not _FILE_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a name for an image file")
        if not isinstance(self.version, str) or not isinstance(self.size, int):
            raise ValueError(f"{self.name}: the version is a string (quoted), the size a number of bytes")
        if self.size < len(self.header.to_bytes()):
            raise ValueError(f"{self.name}: {self.size} bytes are too few for an image")

    @property
    def header(self) -> ImageHeader:
        return ImageHeader(self.version, self.families, self.bootable, self.models)


@dataclass
class Catalogue:
    """Images, and who gets them: by image ID, else by model, else by family, else `default` where it fits the hardware.

    `only` is the gate of a wave: when it is not None, everybody else hears that there is nothing new. `passwords` (by
    image ID) and `password` (everybody else) are what devices must send; None: anything goes.
    """

    images: dict[str, Image] = field(default_factory=dict)
    image_ids: dict[str, str] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)
    default: str | None = None
    only: frozenset[str] | None = None
    erase: str = "none"
    reload: bool = True
    password: str | None = field(default=None, repr=False)
    passwords: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        named = {*self.image_ids.values(), *self.models.values(), *self.families.values(), *filter(None, [self.default])}
        if unknown := named - set(self.images):
            raise ValueError(f"the catalogue has no image {', '.join(sorted(unknown))}")
        if not all(isinstance(one, str) for one in (self.password or "", *self.passwords.values())):
            raise ValueError("passwords are strings (quoted)")
        if self.erase not in ERASE_POLICIES:
            raise ValueError(f"erase is one of {', '.join(ERASE_POLICIES)}")

    @classmethod
    def from_dict(cls, data: Mapping) -> Catalogue:
        """From the content of a catalogue file: the fields above, `images` by file name. ValueError if it is wrong."""
        if not isinstance(data, Mapping):
            raise ValueError("not a catalogue: it is not a mapping")
        try:
            fields = dict(data)
            images = {name: _image(name, about) for name, about in fields.pop("images", {}).items()}
            only = fields.pop("only", None)
            return cls(images=images, only=None if only is None else frozenset(map(str, only)), **fields)
        except (TypeError, AttributeError) as exc:
            raise ValueError(f"not a catalogue: {exc}") from exc

    def current(self) -> Catalogue:
        """This catalogue, as CatalogueFile.current gives the one in its file."""
        return self

    def expected_password(self, image_id: str) -> str | None:
        return self.passwords.get(image_id, self.password)

    def offer(self, report: InventoryReport) -> tuple[Image | None, str]:
        """The image for the device that sent this inventory, or None; and why, for people."""
        if self.only is not None and report.image_id not in self.only:
            return None, "not in this wave"
        name = self.image_ids.get(report.image_id) or self.models.get(report.model) or self.families.get(report.family)
        image = self.images[name] if name else self._default_for(report)
        if not image:
            return None, "no image for this device"
        if _runs(report, image.version):
            return None, f"already runs {image.version}"
        return image, f"{image.version} is for this device"

    def _default_for(self, report: InventoryReport) -> Image | None:
        image = self.images[self.default] if self.default else None
        return image if image and image.header.fits(report.family, report.model) else None


class CatalogueFile:
    """A catalogue in a YAML or JSON file, read again whenever the file has changed."""

    def __init__(self, path: Path) -> None:
        """ValueError or OSError if the file cannot be used."""
        self._path = path
        self._stamp = self._stat()
        self._catalogue = self._read()

    def current(self) -> Catalogue:
        """The catalogue as the file is now; the last good one while the file cannot be used."""
        try:
            if (stamp := self._stat()) != self._stamp:
                self._stamp = stamp
                self._catalogue = self._read()
        except (OSError, ValueError) as exc:
            logging.getLogger(__name__).error("%s is not used as it is now: %s", self._path, exc)
        return self._catalogue

    def _stat(self) -> tuple[int, int, int]:
        stat = self._path.stat()
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _read(self) -> Catalogue:
        try:
            return Catalogue.from_dict(yaml.safe_load(self._path.read_text()))
        except yaml.YAMLError as exc:
            raise ValueError(f"not YAML: {exc}") from exc


def _runs(report: InventoryReport, version: str) -> bool:
    """Whether the banner that the device reports names this version, which IOS XE spells in two ways."""
    release = xe_release(version)
    return not {version, release.xe, release.ios}.isdisjoint(_VERSION.findall(report.version_string))


def _image(name: str, about: Mapping[str, Any]) -> Image:
    fields: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in about.items()}
    return Image(name, **fields)
