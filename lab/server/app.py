# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image and status server: sessions, image files and status messages over HTTP and HTTPS."""

from __future__ import annotations

import hmac
import ssl
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web
from yarl import URL

from ..agent.messages import (
    CONTENT_TYPE,
    Acknowledge,
    AuthenticationFailure,
    Body,
    InventoryReport,
    InventoryRequest,
    Message,
    MessageError,
    NothingToDo,
    SessionStart,
    StatusReport,
    UpgradeRequest,
    build,
    parse,
)
from .catalogue import Catalogue, CatalogueFile
from .certificates import server_context
from .images import ImageFile, ImageFiles
from .records import Records

NAME = "image-server"
SERVER_PATH = "/cns/imgsvr"
STATUS_PATH = "/cns/status"
IMAGES_PATH = "/images"
CHUNK = 64 * 1024
BACKLOG = 2048  # a whole fleet may call in the same moment


class ImageServer:
    """A running server. Make one with `start`."""

    def __init__(self, catalogue: Catalogue | CatalogueFile, directory: Path) -> None:
        self.catalogue = catalogue
        self.ca_file = directory / "ca.pem"
        self.http_url = ""
        self.https_url = ""
        self._images = ImageFiles(directory / "images")
        self._records = Records()
        self._messages_sent = 0
        app = web.Application(client_max_size=256 * 1024)
        app.add_routes(
            [
                web.post(SERVER_PATH + "{slash:/?}", self._session),
                web.post(STATUS_PATH + "{slash:/?}", self._status),
                web.get(IMAGES_PATH + "/{name}", self._download, allow_head=False),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)

    @classmethod
    async def start(
        cls,
        host: str,
        port: int,
        https_port: int | None,
        catalogue: Catalogue | CatalogueFile,
        directory: Path,
    ) -> ImageServer:
        """Make the images and the certificates in `directory`, and listen. Port 0 takes a free one, None goes without."""
        (directory / "images").mkdir(parents=True, exist_ok=True)
        server = cls(catalogue, directory)
        await server._images.make(catalogue.current())
        await server._runner.setup()
        server.http_url = await server._listen("http", host, port, None)
        if https_port is not None:
            server.https_url = await server._listen("https", host, https_port, server_context(host, server.ca_file))
        return server

    async def stop(self) -> None:
        """Close the listeners and what is open."""
        await self._runner.cleanup()

    def report(self) -> dict:
        """What happened so far: totals, and per image ID everything but passwords (see Records.report)."""
        return self._records.report()

    async def _listen(self, scheme: str, host: str, port: int, tls: ssl.SSLContext | None) -> str:
        site = web.TCPSite(self._runner, host, port, ssl_context=tls, backlog=BACKLOG)
        await site.start()
        return str(URL.build(scheme=scheme, host=host, port=port or self._runner.addresses[-1][1]))

    async def _session(self, request: web.Request) -> web.Response:
        """The dialogue of a session: each message of the agent gets the next of ours as its answer."""
        message = await self._receive(request)
        record = self._records.of(message.sender)
        record.address = request.remote or ""
        if isinstance(message.body, SessionStart):
            record.sessions += 1
            record.trigger = message.body.trigger
            return self._answer(message, InventoryRequest(str(request.url.origin().with_path(SERVER_PATH))))
        if isinstance(message.body, InventoryReport):
            record.inventory = message.body
            return self._answer(message, await self._decide(message.body, request.url.origin()))
        if isinstance(message.body, AuthenticationFailure):
            record.answer = f"refused us: {message.body.reason}"
            return self._answer(message, Acknowledge(message.message_id))
        raise web.HTTPBadRequest(text=f"{message.body.TAG} is not for {SERVER_PATH}\n")

    async def _status(self, request: web.Request) -> web.Response:
        message = await self._receive(request)
        if not isinstance(message.body, StatusReport):
            raise web.HTTPBadRequest(text=f"{message.body.TAG} is not for {STATUS_PATH}\n")
        self._records.of(message.sender).status.append(message.body)
        return self._answer(message, Acknowledge(message.message_id))

    async def _decide(self, report: InventoryReport, origin: URL) -> Body:
        """What this device is to do. The URL of its image names it, so that the download can be told from others."""
        catalogue = self.catalogue.current()
        record = self._records.of(report.image_id)
        image, record.answer = catalogue.offer(report)
        record.offered = image.name if image else None
        if not image:
            return NothingToDo(record.answer)
        await self._images.make(catalogue)
        file = self._images[image]
        url = origin.with_path(f"{IMAGES_PATH}/{image.name}").with_query(imageID=report.image_id)
        return UpgradeRequest(image.name, str(url), file.size, file.md5, erase=catalogue.erase, reload=catalogue.reload)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Send an image file. Bytes are counted as they are handed to the network."""
        image = self.catalogue.current().images.get(request.match_info["name"])
        if not image:
            raise web.HTTPNotFound(text="there is no such image\n")
        await self._images.make(self.catalogue.current())
        file = self._images[image]
        record = self._records.of(request.query.get("imageID", ""))
        response = web.StreamResponse(headers={"Content-Length": str(file.size), "Content-Type": "application/octet-stream"})
        complete = False
        try:
            await response.prepare(request)
            for chunk in _chunks(file):
                await response.write(chunk)
                record.bytes_served += len(chunk)
            await response.write_eof()
            complete = True
        finally:
            record.downloads += complete
            record.aborted_downloads += not complete
        return response

    async def _receive(self, request: web.Request) -> Message:
        """The message in a request. Answers 400 to what is none, 403 to wrong credentials."""
        try:
            message = parse(await request.read())
        except MessageError as exc:
            raise web.HTTPBadRequest(text=f"{exc}\n") from exc
        expected = self.catalogue.current().expected_password(message.sender)
        if expected is None or hmac.compare_digest(expected.encode(), (message.password or "").encode()):
            return message
        self._records.of(message.sender).authentication_failures += 1
        refusal = self._message(message, AuthenticationFailure("unknown image ID or wrong password"))
        raise web.HTTPForbidden(text=refusal.decode(), content_type=CONTENT_TYPE)

    def _answer(self, message: Message, body: Body) -> web.Response:
        return web.Response(body=self._message(message, body), content_type=CONTENT_TYPE, charset="utf-8")

    def _message(self, message: Message, body: Body) -> bytes:
        self._messages_sent += 1
        return build(Message(NAME, f"{message.sender}-{self._messages_sent}", body))


def _chunks(file: ImageFile) -> Iterator[bytes]:
    with file.path.open("rb") as content:
        while chunk := content.read(CHUNK):
            yield chunk
