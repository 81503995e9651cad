# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plugin of pytest: collections are found as in a playbook, C(ansible.builtin) as well, which no folder holds."""

from __future__ import annotations

from ansible.plugins.loader import init_plugin_loader

init_plugin_loader()
