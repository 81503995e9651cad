# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Target
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.targets import Image, NoTarget, image_for

NOTHING = Image(Target(None, None))
ISR = dict(models=["CISCO29*", "cisco39??/k9"], version="15.7(3)M9", image=None, size=1000, memory=2000)
CAT = dict(models=["WS-C3850-*"], version=None, image="cat3k.bin", size=None, memory=None)
CHOICES = [ISR, CAT, dict(models=["*"], version="16.9.5", image=None, size=None, memory=None)]


@pytest.mark.parametrize(
    "model, own, choices, right",
    [
        ("CISCO2911/K9", NOTHING, CHOICES, Image(Target("15.7(3)M9", None), 1000, 2000)),
        ("Cisco3925/k9", NOTHING, CHOICES, Image(Target("15.7(3)M9", None), 1000, 2000)),
        ("WS-C3850-24T", NOTHING, CHOICES, Image(Target(None, "cat3k.bin"))),
        ("ISR4331/K9", NOTHING, CHOICES, Image(Target("16.9.5", None))),
        ("WS-C3850-24T", Image(Target(None, None), 7, 8), CHOICES, Image(Target(None, "cat3k.bin"), 7, 8)),
        ("CISCO2911/K9", Image(Target("15.5(3)M", None), 5), CHOICES, Image(Target("15.5(3)M", None), 5)),
        (None, Image(Target(None, "x.bin")), [], Image(Target(None, "x.bin"))),
    ],
)
def test_the_image_of_a_device(model, own, choices, right):
    assert image_for(model, own, choices) == right


@pytest.mark.parametrize(
    "model, choices, why",
    [
        (
            "ISR4331/K9",
            [ISR, CAT],
            r"no target is for its model ISR4331/K9 \(there are targets for CISCO29\*, cisco39\?\?/k9, WS-C3850-\*\)",
        ),
        (None, [ISR], "the model of the device could not be found out"),
        ("ISR4331/K9", [], "no target is named for it"),
    ],
)
def test_no_target(model, choices, why):
    with pytest.raises(NoTarget, match=why):
        image_for(model, NOTHING, choices)
