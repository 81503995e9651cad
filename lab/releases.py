# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a release of IOS XE is called: in its own line, in that of its IOS, and in the name of an image. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SINCE_16 = re.compile(r"(\d\d)\.0?(\d{1,2})\.0?(\d{1,2})([a-z]?)$", re.ASCII)
_SWITCH_BEFORE_16 = re.compile(r"0?3\.0?(\d{1,2})\.0?(\d{1,2})\.?E([a-z]?)$", re.ASCII)
_BEFORE_16 = re.compile(r"0?3\.0?(\d{1,2})\.0?(\d{1,2})\.?S([a-z]?)$", re.ASCII)
# The name of a release, and the first that does not have it any more.
_NAMES = (
    ("Denali", (16, 4)),
    ("Everest", (16, 7)),
    ("Fuji", (16, 10)),
    ("Gibraltar", (17, 1)),
    ("Amsterdam", (17, 4)),
    ("Bengaluru", (17, 7)),
    ("Cupertino", (17, 10)),
    ("Dublin", (17, 13)),
)


@dataclass(frozen=True)
class XeRelease:
    """`xe`: as IOS XE spells it, `16.09.08`; `ios`: as its IOS does, `16.9.8` or `15.5(3)S5`; `name`: `Fuji`, or ""."""

    xe: str
    ios: str
    name: str = ""

    @property
    def in_image(self) -> str:
        """What of it the name of an image has."""
        if self.xe.endswith("E"):
            return f"{self.xe[:-1]}.E.{re.sub(r'[.(]', '', self.ios).replace(')', '.').replace('152', '152-', 1)}"
        if self.xe == self.ios or "S" not in self.xe:
            return self.xe
        major, minor, number, maintenance = re.findall(r"[0-9]+|S.*", self.ios)
        return f"{self.xe}.{major}{minor}-{number}.{maintenance}-ext"


def xe_release(version: str) -> XeRelease:
    """`16.9.8` and `03.16.05.S`, in any spelling; what is no such release is called as it is."""
    if found := _SINCE_16.match(version):
        major, minor, rebuild = (int(part) for part in found.groups()[:3])
        name = next((name for name, end in _NAMES if (major, minor) < end), "IOSXE")
        return XeRelease(f"{major}.{minor:02d}.{rebuild:02d}{found[4]}", f"{major}.{minor}.{rebuild}{found[4]}", name)
    if found := _SWITCH_BEFORE_16.match(version):
        minor, rebuild = int(found[1]), int(found[2])
        return XeRelease(f"03.{minor:02d}.{rebuild:02d}E", f"15.2({minor - 4})E{rebuild}")  # 3.6E is 15.2(2)E
    if found := _BEFORE_16.match(version):
        minor, rebuild = int(found[1]), int(found[2])
        # 3.8S is 15.3(1)S, and three of them make a minor release of IOS.
        major, number = divmod(minor - 8, 3)
        return XeRelease(f"03.{minor:02d}.{rebuild:02d}.S{found[3]}", f"15.{major + 3}({number + 1})S{rebuild or ''}{found[3]}")
    return XeRelease(version, version)
