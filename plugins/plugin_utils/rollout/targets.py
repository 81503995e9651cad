# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which image each device of a mixed fleet is to run. Pure."""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Sequence
from typing import Any, Optional

from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Target


@dataclasses.dataclass(frozen=True)
class Image:
    """What a device is to run, and what that needs: ``size`` and ``memory`` in bytes, None if they were not said."""

    target: Target
    size: Optional[int] = None
    memory: Optional[int] = None


class NoTarget(ValueError):
    """There is no target for a device; the text says why."""


def image_for(model: Optional[str], own: Image, choices: Sequence[dict[str, Any]]) -> Image:
    """Return the Image for a device of ``model``.

    ``own`` is what the variables of the device itself name, which comes first; ``choices`` is the option ``targets``:
    ``{"models", "version", "image", "size", "memory"}``, of which the first that fits counts. Raises NoTarget.
    """
    if own.target.version or own.target.image:
        return own
    for choice in choices:
        if fits(model, choice["models"]):
            return Image(
                Target(choice.get("version") or None, choice.get("image") or None),
                choice.get("size") or own.size,
                choice.get("memory") or own.memory,
            )
    if not choices:
        raise NoTarget("no target is named for it: set cns_target_version, cns_target_image or cns_targets")
    if not model:
        raise NoTarget("the model of the device could not be found out, so none of the targets can be chosen for it")
    patterns = ", ".join(pattern for choice in choices for pattern in choice["models"])
    raise NoTarget("no target is for its model %s (there are targets for %s)" % (model, patterns))


def fits(model: Optional[str], patterns: Sequence[str]) -> bool:
    """Whether a model is one of ``patterns``, in which C(*) and C(?) stand for any characters and any one."""
    return any(model and fnmatch.fnmatchcase(model.upper(), pattern.upper()) for pattern in patterns)
