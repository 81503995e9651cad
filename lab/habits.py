# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the people of a device have set it up, as far as that shows in its answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    """`time_mark` stands in front of its time: `*` where nobody vouches for that, `.` where NTP was lost.

    `log_stamps` are the words after `service timestamps log`. A message of its log stands in every `log_into`th answer.
    `asks_to_overwrite`: a release asks before it saves over what another one has saved.
    `up` are interfaces that are in use beside the first; of these, `lost_at_reload` do not come up any more.
    """

    compress_config: bool = False
    prompt_timestamp: bool = False
    time_source: str = "NTP"
    time_mark: str = ""
    log_stamps: str = "datetime msec"
    sequence_numbers: bool = False
    log_into: int = 0
    asks_to_overwrite: bool = False
    up: tuple[str, ...] = ()
    lost_at_reload: tuple[str, ...] = ()
