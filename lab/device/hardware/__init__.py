# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a kind of hardware prints of itself; a profile names its kind."""

from __future__ import annotations

from .catalyst import Catalyst3750, Catalyst9300, CatalystXe
from .isr4000 import Isr4000
from .isr_g2 import IsrG2
from .plain import Hardware

KINDS: dict[str, Hardware] = {
    "plain": Hardware(),
    "isr-g2": IsrG2(),
    "isr4000": Isr4000(),
    "catalyst-3750": Catalyst3750(),
    "catalyst-xe": CatalystXe(),
    "catalyst-9300": Catalyst9300(),
}
