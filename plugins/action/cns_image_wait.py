# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for an upgrade that something else started."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway
from ansible_collections.cns.image_agent.plugins.modules.cns_image_wait import DOCUMENTATION
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.upgrade import UpgradeAction


class ActionModule(UpgradeAction):
    """The action of M(cns.image_agent.cns_image_wait)."""

    documentation = DOCUMENTATION

    def act(self):
        """Look, unless what the device was before is given or it is away; wait; report."""
        known = self.options["before"]
        try:
            now = self.look_first()
        except DeviceAway:
            now = None  # it may be booting
        before = known or now
        if now:
            verdict = self._decided(known, now)
            if verdict:
                return self.report(verdict, before, now, changed=False)
        waited = self.wait_from(before)
        return self.report(waited.verdict, before, waited.last_seen, waited, changed=False)

    def _decided(self, known, now):
        """The Verdict, where the first look is enough for one."""
        if outcome.on_target(now, self.target):
            return outcome.Verdict(outcome.UP_TO_DATE, "the device runs %s already" % now["version"])
        return outcome.judge(known, now, self.target, self.options["expect_reload"]) if known else None
