#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image_preflight
short_description: Find out whether a Cisco IOS device is ready for an upgrade by its CNS image agent
version_added: 1.0.0
description:
  - Asks a device for everything that an upgrade depends on, and returns findings. It changes nothing.
  - A device that runs the target already is asked for no more than its version and its image ID.
  - Every other device is asked six commands - the version, both configurations, the state of the agent, the boot list and
    the files beside the running image - and one more each for other folders of the boot list, for an image ID that the
    configuration does not show, for the clock where the server speaks HTTPS, and for the ping.
author:
  - The cns.image_agent authors (@cns-image-agent)
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.cns.url
  - cns.image_agent.preflight
  - cns.image_agent.upgrade.target
  - cns.image_agent.cns.read_only
seealso:
  - module: cns.image_agent.cns_image_retrieve
  - module: cns.image_agent.cns_image_info
"""

EXAMPLES = r"""
- name: Find out whether the device is ready
  cns.image_agent.cns_image_preflight:
    target_version: 15.7(3)M9
    image_size: 120MB
    models: [CISCO29*]
  register: preflight

- name: Upgrade it, if nothing blocks
  cns.image_agent.cns_image_retrieve:
    target_version: 15.7(3)M9
  when: preflight.ready

- name: Say what blocks
  ansible.builtin.debug:
    msg: "{{ preflight.findings | selectattr('severity', 'eq', 'block') | map(attribute='what') }}"
  when: not preflight.ready
"""

RETURN = r"""
ready:
  description: Whether nothing blocks an upgrade. Also V(true) for a device that is on its target.
  returned: success
  type: bool
  sample: false
on_target:
  description: Whether the device runs the target already, so that there is nothing to do.
  returned: success
  type: bool
  sample: false
image_id:
  description: By what ID the image server knows the device. V(null) where it could not be found out.
  returned: success
  type: str
  sample: R1
running:
  description: What the device runs, from C(show version).
  returned: success
  type: dict
  contains:
    version:
      description: The release.
      type: str
      sample: 15.5(3)M2
    image_file:
      description: The image with its file system.
      type: str
      sample: flash:c2900-universalk9-mz.SPA.155-3.M2.bin
    model:
      description: The model.
      type: str
      sample: CISCO2911/K9
findings:
  description: The result of every check that was made, the worst first.
  returned: success
  type: list
  elements: dict
  contains:
    check:
      description: What was checked, as in O(accept), or V(on_target).
      type: str
      sample: saved
    severity:
      description: V(block) where an upgrade would fail or do harm, V(warn) where it may, V(ok) where all is well.
      type: str
      sample: block
    what:
      description: What was found.
      type: str
      sample: The running and the startup configuration differ in 2 lines.
    why:
      description: Why it matters. Empty with V(ok).
      type: str
      sample: "The upgrade ends with a reload, which brings the startup configuration back: what was not saved is lost."
    fix:
      description: What to do about it. Empty with V(ok).
      type: str
      sample: "Check what differs, then save it: write memory."
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.module import module as module_of
from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Target
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks as preflight
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import facts as preflight_facts


def main() -> None:
    """Run the module."""
    module = module_of(
        AnsibleModule,
        argument_spec=dict(
            target_version=dict(type="str"),
            target_image=dict(type="str"),
            image_size=dict(type="bytes"),
            image_memory=dict(type="bytes"),
            margin=dict(type="bytes", default="1MB"),
            models=dict(type="list", elements="str"),
            password_required=dict(type="bool", default=False, no_log=False),
            server=dict(type="str"),
            status=dict(type="str"),
            ping=dict(type="bool", default=True),
            accept=dict(type="list", elements="str", choices=list(preflight.NAMES), default=[]),
        ),
        required_by=dict(status=["server"]),
        supports_check_mode=True,
    )
    params = module.params
    try:
        for option in ("server", "status"):
            params[option] = cli.word(option, params[option]) if params[option] else None
    except InputError as error:
        module.fail_json(msg=error.message)
    target = Target(params["target_version"], params["target_image"])
    wanted = preflight.Wanted(target=target, **{name: params[name] for name in preflight.Wanted._fields if name != "target"})
    facts = module.converse(preflight_facts.gather(module.device(), wanted, params["ping"]))
    module.door.keep(facts["image_id"])  # by which the image server tells devices apart
    found = preflight.findings(facts, wanted)
    module.exit_json(
        changed=False,
        findings=found,
        ready=not any(finding["severity"] == preflight.BLOCK for finding in found),
        on_target=any(finding["check"] == preflight.ON_TARGET for finding in found),
        image_id=facts["image_id"],
        running={name: facts["version"][name] for name in ("version", "image_file", "model")},
    )


if __name__ == "__main__":
    main()
