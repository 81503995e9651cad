# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The features, by name, in the order in which their lines are safe to send."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils.features.agent_id import AgentId
from ansible_collections.cns.image_agent.plugins.module_utils.features.config_agent import ConfigAgent
from ansible_collections.cns.image_agent.plugins.module_utils.features.event import Event
from ansible_collections.cns.image_agent.plugins.module_utils.features.exec_agent import ExecAgent
from ansible_collections.cns.image_agent.plugins.module_utils.features.image import Image
from ansible_collections.cns.image_agent.plugins.module_utils.features.schedule import Schedule
from ansible_collections.cns.image_agent.plugins.module_utils.features.trusted_server import TrustedServer

# Whom to trust and who one is come before the agents that use both.
AGENTS = (TrustedServer(), AgentId(), Event(), ConfigAgent(), ExecAgent(), Image())
SAFE_ORDER = (*AGENTS, Schedule())
BY_NAME = {feature.name: feature for feature in SAFE_ORDER}
AGENT_NAMES = tuple(feature.name for feature in AGENTS)
