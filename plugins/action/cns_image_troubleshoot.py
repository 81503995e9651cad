# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of M(cns.image_agent.cns_image_troubleshoot)."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.device import ActionModule  # noqa: F401  # pylint: disable=unused-import
