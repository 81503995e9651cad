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
options:
  target_version:
    description: The release the device should run, as in C(show version). V(17.3.4) and V(17.03.04) are the same.
    type: str
  target_image:
    description: The file name of the image the device should run, as in C(show version), without file system.
    type: str
  image_size:
    description:
      - The size of the image, in bytes or with a unit, for example V(120MB).
      - Without it the space on flash is not checked.
    type: bytes
  image_memory:
    description:
      - The memory that the image needs, in bytes or with a unit, for example V(512MB).
      - Without it the memory is not checked. IOS XE does not show the memory fitted, so there too little memory is a warning.
    type: bytes
  margin:
    description: What has to stay free on flash beside the image, in bytes or with a unit.
    type: bytes
    default: 1MB
  models:
    description:
      - The models that the image is for, as in C(show version). V(*) and V(?) stand for any characters and any one, and the
        case does not matter.
      - Without it the model is not checked.
    type: list
    elements: str
  password_required:
    description: Whether the image server demands a password, so that a device without one is not ready.
    type: bool
    default: false
  server:
    description:
      - The URL of the image server that the agent is going to have, where it is configured only after this check.
      - Without it the configured one counts.
      - A password in it is masked in all that is shown, but for the lines of a playbook that Ansible quotes beside an error, so
        keep the URL in a variable, and for the debugging output of C(-vvvvv).
    type: str
  status:
    description: The URL for status messages that the agent is going to have. It belongs to O(server).
    type: str
  ping:
    description:
      - Whether to ping the image server from the device.
      - A ping without an answer takes about ten seconds, and is a warning only, for a firewall may let HTTP pass, but no ping.
    type: bool
    default: true
  accept:
    description:
      - Checks that must not block, because you know better, or because it is going to be taken care of. What would block is
        a warning then.
    type: list
    elements: str
    choices:
      - agent_supported
      - model
      - flash_space
      - memory
      - saved
      - config_register
      - fallback_image
      - no_upgrade_running
      - agent_enabled
      - status_messages
      - server_trusted
      - server_reachable
      - certificate
      - clock
      - password
    default: []
extends_documentation_fragment:
  - cns.image_agent.cns
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
      sample: "Look at what differs, then save it: write memory."
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.cns.image_agent.plugins.module_utils import secret
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks as preflight
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import facts as preflight_facts
from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, NetworkCli, converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError
from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Target


def main():
    """Run the module."""
    module = AnsibleModule(
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
    module.no_log_values.update(secret.url_passwords(params))
    try:
        for option in ("server", "status"):
            params[option] = cli.word(option, params[option]) if params[option] else None
        target = Target(params["target_version"], params["target_image"])
        wanted = preflight.Wanted(target=target, **{name: params[name] for name in preflight.Wanted._fields if name != "target"})
        facts = converse(preflight_facts.gather(Device(NetworkCli(module._socket_path)), wanted, params["ping"]))
    except CnsError as error:
        module.fail_json(msg=error.message, **error.details)
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
