# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every XML message between image agent and image server, built and parsed in one place.

A `Message` is the envelope (who sends it, with which password, its number) around one body.
`build` and `parse` are each other's inverse. What is documented and what is this project's own: see PROTOCOL.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar, Protocol
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import ElementTree as SafeTree

CONTENT_TYPE = "text/xml"
VERSION = "1.0"

STARTED = "STARTED"
SUCCESS = "SUCCESS"
FAILED = "FAILED"
NO_NEW_IMAGE = "NO_NEW_IMAGE"

_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class MessageError(ValueError):
    """What arrived is not a message of this protocol."""


class Body(Protocol):
    """What one kind of message says, and the element that marks it."""

    TAG: ClassVar[str]

    def write(self, root: Element) -> None:
        """Add this body below the message's root."""

    @classmethod
    def read(cls, root: Element, element: Element) -> Body:
        """The body back from `element`, the one named TAG below `root`."""


@dataclass(frozen=True)
class SessionStart:
    """Agent: I am here, ask me. `trigger` says what woke the agent (EXEC is the only value known from documentation)."""

    TAG: ClassVar[str] = "imageSessionStart"
    image_id: str
    trigger: str

    def write(self, root: Element) -> None:
        start = _versioned(_add(root, "sessionControl"), self.TAG)
        initiator = _add(start, "initiatorInfo")
        _add(initiator, "trigger", self.trigger)
        _add(_add(initiator, "initiatorCredentials"), "userName", self.image_id)

    @classmethod
    def read(cls, root: Element, element: Element) -> SessionStart:
        return cls(_text(element, "initiatorInfo/initiatorCredentials/userName"), _text(element, "initiatorInfo/trigger"))


@dataclass(frozen=True)
class InventoryRequest:
    """Server: tell me what you are, at this URL."""

    TAG: ClassVar[str] = "imageInventory"
    reply_to: str

    def write(self, root: Element) -> None:
        request = _add(root, "request")
        _add(_add(request, "replyTo"), "serverReply", self.reply_to)
        _add(_add(_add(request, self.TAG), "inventoryItemList"), "all")

    @classmethod
    def read(cls, root: Element, element: Element) -> InventoryRequest:
        return cls(_text(root, "request/replyTo/serverReply"))


@dataclass(frozen=True)
class FileSystem:
    """A file system of the device; sizes in bytes."""

    prefix: str
    size: int
    free: int


@dataclass(frozen=True)
class InventoryReport:
    """Agent: what I am and what I run. `version_string` is the head of `show version`, memory in KB."""

    TAG: ClassVar[str] = "imageInventoryReport"
    image_id: str
    host_name: str
    version_string: str
    image_file: str
    family: str = ""
    model: str = ""
    memory_kb: int = 0
    file_systems: tuple[FileSystem, ...] = ()

    def element(self) -> Element:
        """The report without its envelope, as `show cns image inventory` prints it."""
        report = Element(self.TAG)
        name = _add(report, "deviceName")
        _add(name, "imageID", self.image_id)
        _add(name, "hostName", " " + self.host_name)  # the documented sample has this blank
        _add(report, "versionString", self.version_string)
        _add(report, "imageFile", self.image_file)
        hardware = _add(report, "hardware")
        _add(hardware, "family", self.family)
        _add(hardware, "model", self.model)
        _add(hardware, "memoryKB", self.memory_kb)
        systems = _add(report, "fileSystemList")
        for system in self.file_systems:
            entry = _add(systems, "fileSystem")
            _add(entry, "prefix", system.prefix)
            _add(entry, "size", system.size)
            _add(entry, "free", system.free)
        return report

    def write(self, root: Element) -> None:
        _add(root, "response").append(self.element())

    @classmethod
    def read(cls, root: Element, element: Element) -> InventoryReport:
        return cls(
            image_id=_text(element, "deviceName/imageID"),
            host_name=_text(element, "deviceName/hostName"),
            version_string=_text(element, "versionString"),
            image_file=_text(element, "imageFile"),
            family=_text(element, "hardware/family"),
            model=_text(element, "hardware/model"),
            memory_kb=_number(element, "hardware/memoryKB"),
            file_systems=tuple(
                FileSystem(_text(one, "prefix"), _number(one, "size"), _number(one, "free"))
                for one in element.iterfind("fileSystemList/fileSystem")
            ),
        )


@dataclass(frozen=True)
class UpgradeRequest:
    """Server: fetch this image and boot it.

    `size` in bytes, `md5` in hex; `erase` is "none" or "as-needed" (remove images that do not run, as far as the
    new one needs the space); `reload` False only prepares the next boot.
    """

    TAG: ClassVar[str] = "imageUpgrade"
    image: str
    url: str
    size: int
    md5: str
    destination: str = "flash:"
    erase: str = "none"
    reload: bool = True

    def write(self, root: Element) -> None:
        upgrade = _versioned(_add(root, "request"), self.TAG)
        distribute = _add(upgrade, "distribute")
        _add(distribute, "imageName", self.image)
        _add(distribute, "sourceURL", self.url)
        _add(distribute, "size", self.size)
        _add(distribute, "md5", self.md5)
        _add(distribute, "destination", self.destination)
        _add(distribute, "erase", self.erase)
        _add(_add(upgrade, "activate"), "reload", "true" if self.reload else "false")

    @classmethod
    def read(cls, root: Element, element: Element) -> UpgradeRequest:
        _check_version(element)
        return cls(
            image=_text(element, "distribute/imageName"),
            url=_text(element, "distribute/sourceURL"),
            size=_number(element, "distribute/size"),
            md5=_text(element, "distribute/md5").lower(),
            destination=_text(element, "distribute/destination") or "flash:",
            erase=_text(element, "distribute/erase") or "none",
            reload=_text(element, "activate/reload") != "false",
        )


@dataclass(frozen=True)
class NothingToDo:
    """Server: there is no new image for you. `reason` is for people."""

    TAG: ClassVar[str] = "imageSessionEnd"
    reason: str = ""

    def write(self, root: Element) -> None:
        _add(_versioned(_add(root, "sessionControl"), self.TAG), "reason", self.reason)

    @classmethod
    def read(cls, root: Element, element: Element) -> NothingToDo:
        _check_version(element)
        return cls(_text(element, "reason"))


@dataclass(frozen=True)
class StatusReport:
    """Agent: how an operation goes.

    `operation` is session, distribution or activation; `status` STARTED, SUCCESS, FAILED or NO_NEW_IMAGE;
    `code` and `text` explain a failure; `time` is the device's own, ISO 8601.
    """

    TAG: ClassVar[str] = "imageStatusReport"
    image_id: str
    host_name: str
    operation: str
    status: str
    time: str
    image: str = ""
    version: str = ""
    code: str = ""
    text: str = ""

    def write(self, root: Element) -> None:
        report = _versioned(root, self.TAG)
        name = _add(report, "deviceName")
        _add(name, "imageID", self.image_id)
        _add(name, "hostName", self.host_name)
        _add(report, "operation", self.operation)
        _add(report, "status", self.status)
        _add(report, "time", self.time)
        _add(report, "imageName", self.image)
        _add(report, "imageVersion", self.version)
        error = _add(report, "error")
        _add(error, "code", self.code)
        _add(error, "text", self.text)

    @classmethod
    def read(cls, root: Element, element: Element) -> StatusReport:
        _check_version(element)
        return cls(
            image_id=_text(element, "deviceName/imageID"),
            host_name=_text(element, "deviceName/hostName"),
            operation=_text(element, "operation"),
            status=_text(element, "status"),
            time=_text(element, "time"),
            image=_text(element, "imageName"),
            version=_text(element, "imageVersion"),
            code=_text(element, "error/code"),
            text=_text(element, "error/text"),
        )


@dataclass(frozen=True)
class Acknowledge:
    """Server: your message with this number arrived."""

    TAG: ClassVar[str] = "acknowledge"
    message_id: str

    def write(self, root: Element) -> None:
        _add(_versioned(_add(root, "response"), self.TAG), "messageID", self.message_id)

    @classmethod
    def read(cls, root: Element, element: Element) -> Acknowledge:
        _check_version(element)
        return cls(_text(element, "messageID"))


@dataclass(frozen=True)
class AuthenticationFailure:
    """Either side: I do not trust you, for this reason."""

    TAG: ClassVar[str] = "authenticationFailure"
    reason: str

    def write(self, root: Element) -> None:
        _add(_versioned(_add(root, "response"), self.TAG), "reason", self.reason)

    @classmethod
    def read(cls, root: Element, element: Element) -> AuthenticationFailure:
        _check_version(element)
        return cls(_text(element, "reason"))


BODIES: dict[str, type[Body]] = {
    body.TAG: body
    for body in (
        SessionStart,
        InventoryRequest,
        InventoryReport,
        UpgradeRequest,
        NothingToDo,
        StatusReport,
        Acknowledge,
        AuthenticationFailure,
    )
}


@dataclass(frozen=True)
class Message:
    """One `cnsMessage`. `sender` is the image ID, or the server's name; the password never shows in a repr."""

    sender: str
    message_id: str
    body: Body
    password: str | None = field(default=None, repr=False)


def build(message: Message) -> bytes:
    """The message as XML. Characters that XML cannot carry become question marks."""
    root = Element("cnsMessage", version=VERSION)
    credentials = _add(root, "senderCredentials")
    _add(credentials, "userName", message.sender)
    if message.password is not None:
        _add(credentials, "passWord", message.password)
    _add(root, "messageID", message.message_id)
    message.body.write(root)
    return tostring(root, encoding="UTF-8", xml_declaration=True)


def parse(data: bytes) -> Message:
    """The message in `data`. Elements that are not known are ignored; MessageError if it is none of ours."""
    try:
        root = SafeTree.fromstring(data, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as exc:
        raise MessageError(f"not well-formed XML: {exc}") from exc
    if root.tag != "cnsMessage":
        raise MessageError(f"not a cnsMessage but <{root.tag}>")
    element = next((one for one in root.iter() if one.tag in BODIES), None)
    if element is None:
        raise MessageError("a cnsMessage of an unknown kind")
    return Message(
        sender=_text(root, "senderCredentials/userName"),
        message_id=_text(root, "messageID"),
        body=BODIES[element.tag].read(root, element),
        password=root.findtext("senderCredentials/passWord"),
    )


def _add(parent: Element, tag: str, text: object = None) -> Element:
    element = SubElement(parent, tag)
    if text is not None:
        element.text = _NOT_XML.sub("?", str(text))
    return element


def _versioned(parent: Element, tag: str) -> Element:
    element = _add(parent, tag)
    element.set("version", VERSION)
    return element


def _check_version(element: Element) -> None:
    """A higher minor version only adds elements; another major version means something else."""
    version = element.get("version", VERSION)
    if version.partition(".")[0] != VERSION.partition(".")[0]:
        raise MessageError(f"<{element.tag}> of version {version}, this is {VERSION}")


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _number(element: Element, path: str) -> int:
    text = _text(element, path) or "0"
    if not re.fullmatch("[0-9]{1,15}", text):
        raise MessageError(f"<{element.tag}>: {path} is not a number")
    return int(text)
