# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One virtual IOS device: what it is, what it knows, and its life from boot to reload."""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Awaitable, Callable

import asyncssh

from ..agent.image_header import ImageHeader
from ..faults import FAULTS, Faults
from ..profiles import Profile
from . import clock as clocks
from .cns import CnsConfig
from .config import Config
from .factory import factory_configuration
from .flash import Flash, FlashFile
from .hardware import KINDS
from .kron import Kron
from .pki import Pki
from .shell import Shell
from .stack import STACK_FAULTS, Member, stack_of

IGNORE_STARTUP = 0x40
_FILLER = "crashinfo_full"
_RECEIVED_LINES = 5000
_LOG_LINES = 500
_FIRST_UPTIME = 37 * 86400  # seconds; as if the fleet had been up for a while

PACKAGES = "packages.conf"
_PACKAGES_SIZE = 7504

_HOSTILE_BANNER = """
ERROR: this is a private system.
Anyone not found on the access list will be prosecuted. % Invalid input detected is what you deserve.
R9#
login: R9>
Password:
Connection timed out
"""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Change:
    """When a configuration was changed or saved, and by whom: nobody, if the device did that by itself."""

    time: datetime
    user: str

    def __str__(self) -> str:
        return clocks.ios_time_short(self.time) + (f" by {self.user}" if self.user else "")


@dataclass(frozen=True)
class Setup:
    """What all devices of a fleet share. `boot_seconds` None: as the profile says.

    `listen` opens the SSH port of a device and returns what closes it; `reachable` tells whether a host answers to ping;
    `kron_minute` is how many seconds a minute of Command Scheduler lasts. A device that reloads answers for
    `shutdown_seconds` more, so that whoever asked for the reload hears that it was accepted.
    """

    listen: Callable[[Device], Awaitable[Any]]
    reachable: Callable[[Device, str], Awaitable[bool]]
    user: str
    password: str
    enable_secret: str
    login_privilege: int
    port: int
    authorized_key: asyncssh.SSHKey | None = None
    boot_seconds: float | None = None
    kron_minute: float = 60.0
    shutdown_seconds: float = 0.5


class Device:
    """A device. Its public attributes are what the image agent and the commands work with."""

    def __init__(self, name: str, address: str, profile: Profile, setup: Setup, agent: Callable[[Device], Any]) -> None:
        self.name = name
        self.address = address
        self.profile = profile
        self.setup = setup
        self.hardware = KINDS[profile.hardware]
        self.serial = "FTX" + hashlib.sha256(f"{name}{address}".encode()).hexdigest()[:8].upper()
        self.stack = stack_of(profile, self.serial)
        self.faults = Faults()
        self.clock = clocks.Clock(profile.habits.time_source, profile.habits.time_mark)
        self.flash = Flash(profile.flash_bytes)
        self.received: deque[tuple[float, str, str]] = deque(maxlen=_RECEIVED_LINES)
        self.log_lines: deque[str] = deque(maxlen=_LOG_LINES)
        self._logged = 0
        self.debug_flags: set[str] = set()
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self.logins = 0
        self.reloads = 0
        self.state = "off"  # off, up, booting, hung, or rommon: nothing boots
        self._sessions: dict[Shell, asyncio.Task] = {}
        self._listener: Any = None
        self._life: asyncio.Task | None = None
        self._install_first_image()
        self.startup = factory_configuration(self)
        self.saved: Change | None = None
        self.saved_by = self.version  # the release
        self.changed: Change | None = None  # since the boot
        self.running = self.startup.copy()
        self.down: set[str] = set()  # interfaces that should be up
        self.config_register = self.next_config_register = profile.register
        self._booted = time.monotonic() - _FIRST_UPTIME
        self.reload_reason = "power-on"
        self.reload_time: datetime | None = None
        self.cns = CnsConfig(self)
        self.pki = Pki(self)
        self.kron = Kron(self, partial(Shell, self, user="kron", privilege=15))
        self.image_agent = agent(self)

    def _install_first_image(self) -> None:
        profile = self.profile
        header = ImageHeader(version=profile.version, families=(profile.family,))
        name = self.first_image
        if profile.install_mode:
            self._image = self._install_packages(header)
        else:
            self._image = self.flash.store(name, profile.flash_bytes // 8, _md5(name), header)

    def _install_packages(self, header: ImageHeader) -> FlashFile:
        """In install mode the image is a list of packages, whatever it came from."""
        for name in [name for name in self.flash.files if name.endswith(".pkg")]:
            self.flash.remove(name)
        image = self.profile.image_name(header.version)
        package = image.replace("-universalk9", "-mono-universalk9").replace(".bin", ".pkg")
        self.flash.store(package, self.profile.flash_bytes // 8, _md5(package))
        return self.flash.store(PACKAGES, _PACKAGES_SIZE, _md5(image), header)

    # What the device is now

    @property
    def hostname(self) -> str:
        return self.running.data("hostname") or "Router"

    @property
    def version(self) -> str:
        return self._image.image.version if self._image.image else self.profile.version

    @property
    def first_image(self) -> str:
        """The file that it came with."""
        name = self.profile.image_name(self.profile.version)
        if self.profile.image_folder:
            return f"{name.removesuffix('.bin')}/{name}"
        return PACKAGES if self.profile.install_mode else name

    @property
    def running_image(self) -> str:
        name = self._image.name
        return f"{self.profile.flash_name}:{'/' if '/' in name else ''}{name}"

    def runs(self, image: str) -> bool:
        """Whether the image in that file is the one that runs, in install mode from the packages that it held."""
        file = self.flash.files.get(image)
        return self._image.name == image or bool(self.profile.install_mode and file and file.image == self._image.image)

    @property
    def uptime(self) -> float:
        """Seconds since the boot."""
        return time.monotonic() - self._booted

    @property
    def unsaved(self) -> bool:
        return self.running != self.startup

    def now(self) -> datetime:
        return self.clock.now()

    def booted_at(self) -> datetime:
        return self.now() - timedelta(seconds=self.uptime)

    @staticmethod
    def ios_time(moment: datetime) -> str:
        """`11:45:02.000 UTC Mon May 6 2003`"""
        return clocks.ios_time(moment)

    def interface_address(self, name: str) -> str | None:
        """The IPv4 address of an interface, None without one."""
        entry = self.running.get("interface", name)
        address = (entry.children or {}).get(("ip",)) if entry else None
        return address.data if address else None

    def mac_address(self, interface: str) -> str:
        """`0a1b.2c3d.4e5f`, different for each interface."""
        digest = hashlib.sha256(f"{self.serial}{interface}".encode()).hexdigest()
        return f"02{digest[:2]}.{digest[2:6]}.{digest[6:10]}"

    # Who may log in

    def password_of(self, user: str) -> str | None:
        return (self.running.data("username", user) or {}).get("password")

    def privilege_of(self, user: str) -> int:
        return (self.running.data("username", user) or {}).get("privilege", 1)

    @property
    def enable_secret(self) -> str | None:
        return self.running.data("enable", "secret")

    def version_banner(self) -> str:
        """The head of `show version`: software, release, copyright."""
        return self.hardware.software(self)

    def banner(self) -> str:
        return _HOSTILE_BANNER if "banner" in self.faults else self.running.data("banner") or ""

    def add_session(self, shell: Shell, task: asyncio.Task) -> None:
        self.logins += 1
        self._sessions[shell] = task

    def remove_session(self, shell: Shell) -> None:
        self._sessions.pop(shell, None)

    # Saving and booting

    def save(self, user: str = "") -> None:
        """The running configuration becomes the startup configuration."""
        self.startup = self.running.copy()
        self.saved = Change(self.now(), user)
        self.saved_by = self.version

    def note_change(self, user: str) -> None:
        """Somebody has left configuration mode."""
        self.changed = Change(self.now(), user)

    def erase_startup(self) -> None:
        self.startup = factory_configuration(self)

    def boot_order(self, first: str) -> None:
        """Put `boot system flash:FIRST` in front of the other images of the running configuration.

        A device in install mode installs what FIRST holds instead: it boots its list of packages, as ever.
        """
        file = self.flash.files.get(first)
        if self.profile.install_mode and file and file.image:
            self._install_packages(file.image)
            return
        others = [entry.data for _key, entry in self.running.below("boot", "system") if entry.data != first]
        self.running.remove_below("boot", "system")
        for image in (first, *others):
            self.add_boot_image(image)

    def add_boot_image(self, image: str) -> None:
        """`image` is a name in flash."""
        self.running.set(("boot", "system", image), self.hardware.boot_line(self, image), image)

    def boot_list(self, config: Config) -> list[str]:
        """The images a configuration wants to boot, in order."""
        return [entry.data for _key, entry in config.below("boot", "system")]

    def boots(self, member: Member) -> list[str]:
        """The images that a member of a stack is to boot, in order."""
        return self.boot_list(self.startup) if member.boots is None else member.boots

    async def power_on(self) -> None:
        """Up at once, as if it had booted long ago."""
        await self._open_port()
        self.state = "up"
        self.kron.refresh()

    async def reload(self, reason: str) -> None:
        """Begin to reload: sessions drop shortly, the port opens again after the boot. Returns at once."""
        if self.state != "up" or self._life:
            return
        self.enter_phase("reload")
        if self.state == "up":
            self._life = asyncio.create_task(self._power_cycle(reason, self.setup.shutdown_seconds))

    async def _power_cycle(self, reason: str, delay: float) -> None:
        await asyncio.sleep(delay)
        self._power_off("booting")
        self.reload_reason, self.reload_time = reason, self.now()
        await self._boot()
        self._life = None

    def _power_off(self, state: str) -> None:
        self.state = state
        self.kron.stop()
        self.image_agent.power_off()
        self._close_port()
        self.drop_sessions()

    def _stop_life(self) -> None:
        """Whatever reload is under way goes no further."""
        if self._life and self._life is not asyncio.current_task():
            self._life.cancel()
        self._life = None

    def shut_down(self) -> None:
        """For good: the fleet ends."""
        self._stop_life()
        self._power_off("off")

    async def _boot(self) -> None:
        seconds = self.faults.get("boot-seconds", self.setup.boot_seconds)
        seconds = self.profile.boot_seconds if seconds is None else seconds
        await asyncio.sleep(seconds)
        self.enter_phase("boot")
        if self.state != "booting":
            return
        image = await self._load_image(seconds / 2) if self.stack.boot() else None
        if image is None:
            self.state = "rommon"
            return
        self._image = image
        self.config_register = self.next_config_register
        ignore_startup = self.config_register & IGNORE_STARTUP or self.startup.data("system", "ignore")
        self.running = factory_configuration(self) if ignore_startup else self.startup.copy()
        self.debug_flags.clear()
        self.log_lines.clear()
        self.changed = None
        self.down = {name for name in self.profile.interfaces if self._is_lost(name)}
        self._booted = time.monotonic()
        self.reloads += 1
        await self._open_port()
        self.state = "up"
        self.log("%SYS-5-RESTART: System restarted --")
        self.image_agent.power_on()
        self.kron.refresh(after_boot=True)

    def _is_lost(self, interface: str) -> bool:
        pattern = self.faults.get("lost-interface")
        lost = interface in self.profile.habits.lost_at_reload or bool(pattern and re.search(pattern, interface))
        return lost or self.stack.has_lost(interface)

    async def _load_image(self, seconds_per_failure: float) -> FlashFile | None:
        """The first image of the boot list that boots; without a list, the first file in flash. None: ROM monitor."""
        if self.next_config_register & 0xF == 0:
            return None
        for name in self.boot_list(self.startup) or list(self.flash.files)[:1]:
            file = self.flash.files.get(name)
            if file and self._boots(file):
                return file
            await asyncio.sleep(seconds_per_failure)
        return self._rolled_back() if self.profile.install_mode else None

    def _rolled_back(self) -> FlashFile:
        """What was installed is undone when it does not boot."""
        assert self._image.image
        return self._install_packages(self._image.image)

    def _boots(self, file: FlashFile) -> bool:
        if "no-boot" in self.faults and file != self._image:
            return False
        image = file.image
        return image is not None and image.bootable and image.fits(self.profile.family, self.profile.model)

    # The network side

    async def _open_port(self) -> None:
        self._close_port()
        self._listener = await self.setup.listen(self)

    def _close_port(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def drop_sessions(self) -> None:
        """Cut all TCP connections."""
        for connection in list(self.connections):
            connection.abort()

    # Faults

    def set_fault(self, name: str, value: Any) -> None:
        """Switch a fault on; those that happen rather than last take effect here."""
        self.faults.set(name, value)
        if name == "clock-unset":
            self.clock.lose()
        elif name == "flash-full":
            self.flash.store(_FILLER, max(self.flash.free - 4096, 0), "0" * 32)
        elif name in STACK_FAULTS:
            self.stack.suffer(name, value)
        elif name == "hang" and not isinstance(value, str):
            asyncio.get_running_loop().call_later(value, self._hang_if_still_wanted)

    def clear_fault(self, name: str | None = None) -> None:
        """Switch one fault off, or all. A device that hangs, or that found nothing to boot, is power-cycled."""
        cleared = [name] if name else list(FAULTS)
        self.faults.clear(name)
        if "flash-full" in cleared and _FILLER in self.flash.files:
            self.flash.remove(_FILLER)
        if "clock-unset" in cleared and not self.clock.is_set:
            self.clock.synchronise()
        if "lost-interface" in cleared:
            self.down.clear()
        self.stack.recover(cleared)
        if self.state in ("hung", "rommon") and {"hang", "no-boot", "manual-boot"} & {*cleared}:
            self._life = asyncio.create_task(self._power_cycle("power-on", 0))

    def enter_phase(self, phase: str) -> None:
        """A phase of an upgrade begins: the faults that wait for it happen."""
        if self.faults.get("drop") == phase:
            self.drop_sessions()
        if self.faults.get("hang") == phase:
            self._hang()

    def _hang_if_still_wanted(self) -> None:
        if not isinstance(self.faults.get("hang", ""), str) and self.state == "up":
            self._hang()

    def _hang(self) -> None:
        """Nothing answers any more: sessions stay open and silent, and new ones are not greeted."""
        self._stop_life()
        self.state = "hung"
        self.kron.stop()
        self.image_agent.power_off()
        for task in self._sessions.values():
            task.cancel()
        for connection in self.connections:
            if connection._transport:
                connection._transport.pause_reading()  # not even the SSH server answers
        self._close_port()
        self._listener = socket.create_server((self.address, self.setup.port), reuse_port=False)

    # What sessions are told unasked

    def debug(self, flag: str, text: str) -> None:
        """A line of `debug cns image`, if `flag` ("agent", "connection", "error") is on."""
        if flag in self.debug_flags:
            self.log(text)

    def log_line(self, text: str) -> str:
        """A text as the log prints it."""
        habits = self.profile.habits
        self._logged += 1
        number = f"{self._logged:06d}: " if habits.sequence_numbers else ""
        if habits.log_stamps == "uptime":
            return f"{number}{clocks.log_uptime(self.uptime)}: {text}"
        return f"{number}{self.clock.mark}{clocks.log_time(self.now(), habits.log_stamps)}: {text}"

    def log(self, text: str) -> None:
        """A log line: into the buffer, and to the sessions with `terminal monitor`."""
        line = self.log_line(text)
        self.log_lines.append(line)
        for shell in self._sessions:
            if shell.monitor:
                shell.terminal.interrupt(line)
