# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.tests.unit.plugins.action.upgrade_bench import Bench


@pytest.fixture
def bench(monkeypatch):
    """Makes a Bench, from what the device says each time it is asked."""
    return lambda *looks, **device: Bench(monkeypatch, looks, **device)
