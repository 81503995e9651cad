# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of what the filter adds to the comparison of snapshots: errors for people who write playbooks."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.filter.cns_snapshot_diff import cns_snapshot_diff

BEFORE = {
    "version": "15.5(3)M2",
    "image": "flash:old.bin",
    "boot_list": ["flash:old.bin"],
    "config_register": "0x2102",
    "interfaces_up": 20,
    "interfaces_total": 24,
    "routes": 1000,
    "neighbors": 2,
}


def test_a_difference_within_its_tolerance():
    (found,) = cns_snapshot_diff(BEFORE, dict(BEFORE, routes=950), {"routes": "10%"})
    assert (found["what"], found["before"], found["after"], found["verdict"]) == ("routes", 1000, 950, "ok")


def test_tolerances_that_mean_nothing():
    with pytest.raises(AnsibleFilterError, match="cns_snapshot_diff: "):
        cns_snapshot_diff(BEFORE, BEFORE, {"routes": "many"})


@pytest.mark.parametrize("before, after", [(None, BEFORE), (BEFORE, [BEFORE]), ("text", BEFORE)])
def test_what_is_no_snapshot(before, after):
    with pytest.raises(AnsibleFilterError, match="compares two snapshots"):
        cns_snapshot_diff(before, after)
