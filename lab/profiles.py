# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The release families a virtual device can be of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from .habits import Habits
from .releases import xe_release

_CLASSIC_VERSION = re.compile(r"(\d+)\.(\d+)\((\d+)\)(\w+)$", re.ASCII)


@dataclass(frozen=True)
class Profile:
    """What differs between devices. Sizes in bytes (`ram_kb`, `nvram_kb`: KB), `boot_seconds` in seconds.

    `retrieve_modes` says where `cns image retrieve` is accepted: "exec" (privileged EXEC), "config" (global).
    `split_image_lines` devices show the agent as `cns image` and `cns image server ...` on two lines.
    """

    name: str
    meaning: str
    family: str
    model: str
    product: str  # as in the banner of `show version`: "IOS Software, C2900 Software"
    feature_set: str
    version: str
    next_version: str  # what the lab's image server offers
    image_pattern: str  # image files are named so
    flash_name: str = "flash"
    flash_bytes: int = 256 * 1024 * 1024
    ram_kb: int = 1_048_576
    nvram_kb: int = 255
    boot_seconds: float = 3.0
    ios_xe: bool = False
    hardware: str = "plain"  # whose words it prints, by their name in device/hardware
    install_mode: bool = False  # boots packages.conf, whatever it runs
    members: int = 0  # of a stack of switches
    image_folder: bool = False  # the image is in a folder of its name
    factory_trustpoints: bool = False
    register: int = 0x2102
    habits: Habits = field(default_factory=Habits)
    supports_image_agent: bool = True
    retrieve_modes: frozenset[str] = frozenset({"exec"})
    split_image_lines: bool = False
    algorithms: str = "modern"  # of its SSH server, by their name in device/ssh.py
    interfaces: tuple[str, ...] = ("GigabitEthernet0/0", "GigabitEthernet0/1", "GigabitEthernet0/1/1", "FastEthernet0/1")

    def image_name(self, version: str) -> str:
        """The file name of an image: `15.7(3)M9` -> `c2900-universalk9-mz.SPA.157-3.M9.bin`."""
        if classic := _CLASSIC_VERSION.match(version):
            major, minor, maintenance, train = classic.groups()
            short = f"{major}{minor}-{maintenance}.{train}"
        else:
            short = xe_release(version).in_image
        return self.image_pattern.format(re.sub(r"[^A-Za-z0-9._-]", "-", short))


_IN_USE = ("GigabitEthernet0/0/1", "GigabitEthernet0/0/2")
_IN_ITS_ZONE = "datetime msec localtime show-timezone"


def _isr4331(name: str, meaning: str, version: str, next_version: str, habits: Habits) -> Profile:
    return Profile(
        name=name,
        meaning=meaning,
        family="isr4300",
        model="ISR4331/K9",
        product="ISR",
        feature_set="X86_64_LINUX_IOSD-UNIVERSALK9-M",
        version=version,
        next_version=next_version,
        image_pattern="isr4300-universalk9.{}.SPA.bin",
        flash_name="bootflash",
        flash_bytes=3_249_049_600,
        ram_kb=4_194_304,
        nvram_kb=32_768,
        ios_xe=True,
        hardware="isr4000",
        split_image_lines=True,
        interfaces=("GigabitEthernet0/0/0", "GigabitEthernet0/0/1", "GigabitEthernet0/0/2"),
        habits=replace(habits, asks_to_overwrite=True),
    )


_C9300: dict[str, Any] = dict(
    family="cat9k",
    model="C9300-24U",
    product="CAT9K_IOSXE",
    feature_set="CAT9K_IOSXE",
    image_pattern="cat9k_iosxe.{}.SPA.bin",
    flash_bytes=11_353_194_496,
    ram_kb=8_388_608,
)


def _ports(members: int, *kept: str) -> tuple[str, ...]:
    """Two ports of each member of a stack."""
    return (*kept, *(f"GigabitEthernet{member}/0/{port}" for member in range(1, members + 1) for port in (1, 2)))


def _catalyst_xe(name: str, meaning: str, version: str, next_version: str, members: int = 2) -> Profile:
    return Profile(
        name=name,
        meaning=meaning,
        family="cat3k_caa",
        model="WS-C3850-24T",
        product="cat3k_caa-universalk9",
        feature_set="CAT3K_CAA-UNIVERSALK9-M",
        version=version,
        next_version=next_version,
        image_pattern="cat3k_caa-universalk9.{}.SPA.bin",
        flash_bytes=1_621_966_848,
        ram_kb=4_194_304,
        nvram_kb=2048,
        ios_xe=True,
        hardware="catalyst-xe",
        install_mode=True,
        members=members,
        factory_trustpoints=True,
        register=0x102,
        interfaces=_ports(members, "Vlan1"),
        habits=Habits(up=_ports(members)),
    )


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            name="ios",
            meaning="classic IOS 15: cns image retrieve in privileged EXEC",
            family="c2900",
            model="CISCO2911/K9",
            product="C2900",
            feature_set="C2900-UNIVERSALK9-M",
            version="15.5(3)M2",
            next_version="15.7(3)M9",
            image_pattern="c2900-universalk9-mz.SPA.{}.bin",
            hardware="isr-g2",
        ),
        Profile(
            name="isr2911",
            meaning="a 2911 whose image is on flash0:",
            family="c2900",
            model="CISCO2911/K9",
            product="C2900",
            feature_set="C2900-UNIVERSALK9-M",
            version="15.4(3)M6",
            next_version="15.7(3)M9",
            image_pattern="c2900-universalk9-mz.SPA.{}.bin",
            flash_name="flash0",
            flash_bytes=256_487_424,
            ram_kb=524_288,
            hardware="isr-g2",
            interfaces=("GigabitEthernet0/0", "GigabitEthernet0/1", "GigabitEthernet0/2"),
            habits=Habits(
                asks_to_overwrite=True,
                compress_config=True,
                prompt_timestamp=True,
                log_stamps="uptime",
                log_into=5,
                up=("GigabitEthernet0/1",),
            ),
        ),
        Profile(
            name="ios-config-mode",
            meaning="classic IOS 12.4: cns image retrieve in global configuration only",
            family="c2800nm",
            model="2811",
            product="2800",
            feature_set="C2800NM-ADVENTERPRISEK9-M",
            version="12.4(15)T5",
            next_version="12.4(24)T8",
            image_pattern="c2800nm-adventerprisek9-mz.{}.bin",
            ram_kb=524_288,
            retrieve_modes=frozenset({"config"}),
        ),
        Profile(
            name="ios-legacy-ssh",
            meaning="classic IOS 12.4 whose SSH offers group14-sha1, ssh-rsa, aes128-cbc and hmac-sha1 only",
            family="c2800nm",
            model="2811",
            product="2800",
            feature_set="C2800NM-ADVENTERPRISEK9-M",
            version="12.4(24)T4",
            next_version="12.4(24)T8",
            image_pattern="c2800nm-adventerprisek9-mz.{}.bin",
            ram_kb=524_288,
            algorithms="legacy",
        ),
        Profile(
            name="ios-ancient-ssh",
            meaning="classic IOS 12.4 whose SSH offers group1-sha1, ssh-rsa of 1024 bits, 3des-cbc and hmac-sha1 only",
            family="c2800nm",
            model="2811",
            product="2800",
            feature_set="C2800NM-ADVENTERPRISEK9-M",
            version="12.4(24)T4",
            next_version="12.4(24)T8",
            image_pattern="c2800nm-adventerprisek9-mz.{}.bin",
            ram_kb=524_288,
            algorithms="ancient",
        ),
        Profile(
            name="ios-xe",
            meaning="IOS XE 16: bootflash:, and the agent shown on two lines",
            family="isr4300",
            model="ISR4331/K9",
            product="ISR",
            feature_set="X86_64_LINUX_IOSD-UNIVERSALK9-M",
            version="16.6.4",
            next_version="16.9.8",
            image_pattern="isr4300-universalk9.{}.SPA.bin",
            flash_name="bootflash",
            flash_bytes=1024 * 1024 * 1024,
            ram_kb=4_194_304,
            nvram_kb=32_768,
            ios_xe=True,
            hardware="isr4000",
            split_image_lines=True,
            interfaces=("GigabitEthernet0/0/0", "GigabitEthernet0/0/1", "GigabitEthernet0/1/1", "FastEthernet0/1"),
        ),
        _isr4331(
            "isr4000-3s",
            "an ISR 4331 with IOS XE 3S, whose clock nobody has set, and an interface that a reload takes down",
            "03.16.05.S",
            "03.16.10.S",
            Habits(prompt_timestamp=True, time_source="", time_mark="*", up=_IN_USE, lost_at_reload=_IN_USE[:1]),
        ),
        _isr4331(
            "isr4000-16",
            "an ISR 4331 with IOS XE 16, which has lost NTP, and numbers its log",
            "16.3.7",
            "16.9.8",
            Habits(time_mark=".", log_stamps=_IN_ITS_ZONE, sequence_numbers=True, log_into=4, up=_IN_USE),
        ),
        _isr4331(
            "isr4000-17",
            "an ISR 4331 with IOS XE 17",
            "17.3.4a",
            "17.9.5a",
            Habits(prompt_timestamp=True, log_into=3, up=_IN_USE),
        ),
        replace(
            _isr4331("isr4000-install", "an ISR 4331 with IOS XE 17 in install mode", "17.6.5", "17.9.5a", Habits(up=_IN_USE)),
            install_mode=True,
        ),
        Profile(
            name="c3750-stack",
            meaning="a stack of three Catalyst 3750 with classic IOS, whose image is in a folder",
            family="c3750",
            model="WS-C3750G-24TS",
            product="C3750",
            feature_set="C3750-IPSERVICESK9-M",
            version="12.2(55)SE5",
            next_version="15.0(2)SE11",
            image_pattern="c3750-ipservicesk9-mz.{}.bin",
            flash_bytes=32_514_048,
            ram_kb=131_072,
            nvram_kb=512,
            hardware="catalyst-3750",
            members=3,
            image_folder=True,
            factory_trustpoints=True,
            register=0xF,
            interfaces=_ports(3, "Vlan1"),
            habits=Habits(up=_ports(3)),
        ),
        replace(
            _catalyst_xe(
                "c3850-stack-3e", "a stack of two Catalyst 3850 with IOS XE 3E in install mode", "03.06.05E", "03.06.08E"
            ),
            image_pattern="cat3k_caa-universalk9.SPA.{}.bin",
        ),
        _catalyst_xe("c3850-stack-16", "a stack of two Catalyst 3850 with IOS XE 16 in install mode", "16.6.4", "16.12.8"),
        replace(
            _catalyst_xe(
                "c9300-stack-16", "a stack of three Catalyst 9300 with IOS XE 16 in install mode", "16.9.5", "16.12.8", 3
            ),
            **_C9300,
            habits=Habits(prompt_timestamp=True, log_into=3, sequence_numbers=True, up=_ports(3)),
        ),
        replace(
            _catalyst_xe("c9300-stack-17", "a stack of two Catalyst 9300 with IOS XE 17 in install mode", "17.3.5", "17.9.5"),
            **dict(_C9300, hardware="catalyst-9300"),
        ),
        Profile(
            name="ios-no-agent",
            meaning="a switch release without the image agent",
            family="c2960cx",
            model="WS-C2960CX-8TC-L",
            product="C2960CX",
            feature_set="C2960CX-UNIVERSALK9-M",
            version="15.2(5)E",
            next_version="15.2(7)E",
            image_pattern="c2960cx-universalk9-mz.{}.bin",
            flash_bytes=128 * 1024 * 1024,
            ram_kb=524_288,
            supports_image_agent=False,
            retrieve_modes=frozenset(),
            interfaces=("GigabitEthernet0/1", "GigabitEthernet0/2", "GigabitEthernet0/1/1", "FastEthernet0/1", "Vlan1"),
        ),
    )
}
DEFAULT_PROFILE = "ios"


def parse_mix(text: str, devices: int) -> list[Profile]:
    """`ios:3,ios-xe` -> the profile of each device in order; the part without a number takes the rest.

    ValueError for unknown names or when the numbers do not fit `devices`.
    """
    chosen: list[Profile] = []
    rest: Profile | None = None
    for part in text.split(","):
        name, _colon, count = part.strip().partition(":")
        if name not in PROFILES:
            raise ValueError(f"there is no profile {name!r}; there are {', '.join(PROFILES)}")
        if count:
            chosen += [PROFILES[name]] * int(count)
        elif rest is not None:
            raise ValueError("only one profile of a mix may go without a number")
        else:
            rest = PROFILES[name]
    missing = devices - len(chosen)
    if missing < 0 or (missing and not rest):
        raise ValueError(f"the numbers of the profiles add up to {len(chosen)}, and there are {devices} devices")
    return chosen + ([rest] * missing if rest else [])
