# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trigger C(cns image retrieve) and wait for what comes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Coroutine
from typing import Any

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.upgrade import TaskScene, UpgradeAction
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Attempt, Ended, Request


class ActionModule(UpgradeAction):
    """The action of M(cns.image_agent.cns_image_retrieve)."""

    module = "cns.image_agent.cns_image_retrieve"
    more_returned = ("commands",)

    def act(self, attempt: Attempt) -> Coroutine[Any, Any, Ended]:
        """Poll; send the command unless there is no need; wait."""
        return attempt.retrieve()

    def resumed(self, request: Request, scene: TaskScene) -> Request:
        """What a run that was interrupted has begun is waited for; check mode waits for nothing."""
        return dataclasses.replace(request, before=scene.open_trigger(), wait=request.wait and not scene.check_mode)
