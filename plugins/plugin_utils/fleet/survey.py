# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One poll of a whole fleet, before anything is done to it: what each device runs, and who it says that it is."""

from __future__ import annotations

import dataclasses
from typing import Any, Optional

from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError
from ansible_collections.cns.image_agent.plugins.module_utils.observation import version_of
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import facts
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Link


@dataclasses.dataclass(frozen=True)
class Seen:
    """What one device said: the parsed C(show version), and its image ID; or why it said nothing."""

    version: Optional[dict[str, Any]] = None
    image_id: Optional[str] = None
    silent: Optional[str] = None

    @property
    def model(self) -> Optional[str]:
        """The model, None if the device did not say."""
        return self.version["model"] if self.version else None


async def poll(link: Link) -> Seen:
    """Ask one device. A device that does not answer is a finding of its own turn, not a reason to stop here."""
    try:
        device = await link.device()
        version = await version_of(device)
        identity = await facts.identity(device, version)
        return Seen(version, identity["image_id"])
    except CnsError as error:
        return Seen(silent=error.message)
    finally:
        await link.close()
