# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows as a table and as CSV. Each filter is documented in a file of its own name."""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import table


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[[Any], Any]]:
        """Each by its name."""
        return {"cns_table": table.table, "cns_csv": table.to_csv}
