# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.window import AFTER, BEFORE, OPEN, window


def at(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    "start, end, now, state",
    [
        ("", "", "2026-03-01 22:00:00", OPEN),
        ("2026-03-01 22:00", "", "2026-03-01 21:59:59", BEFORE),
        ("2026-03-01 22:00", "", "2026-03-01 22:00:00", OPEN),
        ("", "2026-03-01 23:00", "2026-03-01 22:59:59", OPEN),
        ("", "2026-03-01 23:00", "2026-03-01 23:00:00", AFTER),
        ("2026-03-01 22:00", "2026-03-01 23:00", "2026-03-01 22:30:00", OPEN),
    ],
)
def test_the_state_of_a_window(start, end, now, state):
    assert window(start, end).state(at(now)) == state


@pytest.mark.parametrize(
    "start, end, why",
    [
        ("22:00", "", "the start of the maintenance window is '22:00': give it as YYYY-MM-DD HH:MM"),
        ("", "tomorrow", "the end of the maintenance window is 'tomorrow'"),
        ("", "2026-02-30 10:00", "the end of the maintenance window"),
        ("2026-03-01 23:00", "2026-03-01 22:00", "ends .* before it begins"),
        ("2026-03-01 23:00", "2026-03-01 23:00", "ends .* before it begins"),
    ],
)
def test_no_window(start, end, why):
    with pytest.raises(ValueError, match=why):
        window(start, end)


def test_a_window_in_words():
    assert str(window("", "2026-03-01 23:00")) == "from now to 2026-03-01 23:00"
    assert str(window("2026-03-01 22:00", "")) == "from 2026-03-01 22:00 to any time"
