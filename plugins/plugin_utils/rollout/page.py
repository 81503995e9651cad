# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a rollout as a page. Jinja escapes all that is not part of the template. Pure but for reading that."""

from __future__ import annotations

import pathlib
from typing import Any

import jinja2

from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import safe


def render(report: dict[str, Any], journal: str = "") -> str:
    """The page of a report from ``journal``."""
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        loader=jinja2.FileSystemLoader(pathlib.Path(__file__).parent),
    )
    return environment.get_template("page.html.j2").render(report=report, journal=journal)


def _shown(value: Any) -> Any:
    """Text without what acts on who reads it, line by line; what is marked up already is."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return "\n".join(map(safe, value.split("\n")))
