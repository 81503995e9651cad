# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The features, by name, in the order in which their lines are safe to send."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils.features import config_agent, event, exec_agent, image, schedule, trusted_server
from ansible_collections.cns.image_agent.plugins.module_utils.features import agent_id

# Whom to trust and who one is come before the agents that use both.
AGENTS = (trusted_server, agent_id, event, config_agent, exec_agent, image)
SAFE_ORDER = AGENTS + (schedule,)
BY_NAME = {feature.NAME: feature for feature in SAFE_ORDER}
AGENT_NAMES = tuple(feature.NAME for feature in AGENTS)
