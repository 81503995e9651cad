# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All commands of the virtual devices, by subject."""

from __future__ import annotations

from functools import lru_cache

from ...profiles import Profile
from ..commands import PROMPTS
from ..grammar import Grammar
from . import agents, basic, files, image_agent, kron, pki, show, system


@lru_cache(maxsize=None)
def grammars(profile: Profile) -> dict[str, Grammar]:
    """What a device of this profile understands, by mode."""
    built = {mode: Grammar() for mode in PROMPTS}
    for subject in (basic, system, show, files, image_agent, agents, kron, pki):
        for command in subject.COMMANDS:
            if command.when and not command.when(profile):
                continue
            modes = command.modes.split()
            if "exec" in modes:
                modes.append("privileged")
            for mode in modes:
                if command.run:
                    built[mode].add(command.pattern, command.run)
                if command.no:
                    built[mode].add(command.pattern, command.no, negated=True)
    return built
