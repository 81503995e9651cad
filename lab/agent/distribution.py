# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring one image into the flash of the device: make room, download, check, store."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable

from .errors import AgentError
from .host import Host
from .http_client import HttpClient
from .image_header import MAX_HEADER, ImageHeader
from .messages import UpgradeRequest

CHUNK = 64 * 1024
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()+-]{0,127}")

Phase = Callable[[str], Awaitable[None]]


class Distribution:
    """One image on its way into flash. The running image is never touched, whatever the server asks.

    `enter` is awaited with "download" and "verify" as these begin.
    """

    def __init__(self, device: Host, http: HttpClient, request: UpgradeRequest, enter: Phase) -> None:
        self._device = device
        self._http = http
        self._request = request
        self._enter = enter
        self._file_system, _colon, running = device.running_image.partition(":")
        self._running = running.lstrip("/")

    async def run(self) -> ImageHeader:
        """Store the image and return its header. AgentError names what is wrong; flash then holds no part of it."""
        self._check_request()
        present = self._device.flash.files.get(self._request.image)
        if present and present.image and (present.md5, present.size) == (self._request.md5, self._request.size):
            return present.image
        if self._request.image == self._running:
            raise AgentError("RUNNING_IMAGE", f"{self._request.image} runs now and is not overwritten")
        self._make_room()
        await self._enter("download")
        size, md5, start = await self._download()
        await self._enter("verify")
        header = self._verify(size, md5, start)
        self._make_room()  # somebody may have filled it in the meantime
        self._device.flash.store(self._request.image, self._request.size, self._request.md5, header)
        return header

    def _check_request(self) -> None:
        request = self._request
        if not FILE_NAME.fullmatch(request.image):
            raise AgentError("BAD_REQUEST", "the server names no usable image file")
        if request.destination not in ("flash:", f"{self._file_system}:"):
            raise AgentError("BAD_REQUEST", f"there is no file system {request.destination}")
        if not request.size or not re.fullmatch("[0-9a-f]{32}", request.md5):
            raise AgentError("BAD_REQUEST", "the server gives no size or no MD5 of the image")

    def _make_room(self) -> None:
        """Remove what the erase policy allows, oldest first, but only if that is enough."""
        flash = self._device.flash
        victims = [self._request.image] if self._request.image in flash.files else []
        if self._request.erase == "as-needed":
            victims += [name for name, file in flash.files.items() if file.image and name not in (self._running, *victims)]
        room = flash.free
        removed = []
        for name in victims:
            if room >= self._request.size:
                break
            room += flash.files[name].size
            removed.append(name)
        if room < self._request.size:
            raise AgentError(
                "NOT_ENOUGH_SPACE",
                f"not enough space on {self._file_system}: the image has {self._request.size} bytes, {flash.free} are free",
            )
        for name in removed:
            flash.remove(name)

    async def _download(self) -> tuple[int, str, bytes]:
        """Size, MD5 and first bytes of what the file server sends; more than the announced size is not read."""
        digest = hashlib.md5(usedforsecurity=False)
        if "wrong-checksum" in self._device.faults:
            digest.update(b"a bit that changed on the way")
        size = 0
        start = b""
        async with self._http.get(self._request.url) as response:
            if response.status != 200:
                raise AgentError("DOWNLOAD_REFUSED", f"the file server answered: HTTP {response.status}")
            async for chunk in response.content.iter_chunked(CHUNK):
                size += len(chunk)
                if size > self._request.size:
                    break
                digest.update(chunk)
                start += chunk[: MAX_HEADER - len(start)]
                await self._pause()
        return size, digest.hexdigest(), start

    async def _pause(self) -> None:
        """A line that is slow brings the next piece later."""
        if seconds := self._device.faults.get("slow-download"):
            await asyncio.sleep(seconds)

    def _verify(self, size: int, md5: str, start: bytes) -> ImageHeader:
        request, profile = self._request, self._device.profile
        if size != request.size:
            raise AgentError("SIZE_MISMATCH", f"{request.image} should have {request.size} bytes, not {size}")
        if md5 != request.md5:
            raise AgentError("CHECKSUM_MISMATCH", f"the MD5 of {request.image} is not what the server announced")
        try:
            header = ImageHeader.from_bytes(start)
        except ValueError as exc:
            raise AgentError("NOT_AN_IMAGE", f"{request.image}: {exc}") from exc
        if not header.fits(profile.family, profile.model):
            raise AgentError("WRONG_PLATFORM", f"{request.image} is not for {profile.model}")
        return header
