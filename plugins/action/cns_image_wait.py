# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for an upgrade that something else started."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.upgrade import UpgradeAction
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Attempt, Ended


class ActionModule(UpgradeAction):
    """The action of M(cns.image_agent.cns_image_wait)."""

    module = "cns.image_agent.cns_image_wait"

    def act(self, attempt: Attempt) -> Coroutine[Any, Any, Ended]:
        """Poll, and wait."""
        return attempt.follow()
