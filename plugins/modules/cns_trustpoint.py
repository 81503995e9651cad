#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_trustpoint
short_description: Install the CA certificate by which a Cisco IOS device knows its image server
version_added: 1.0.0
description:
  - Installs the certificate of a CA as a trustpoint and has the HTTP client of the device use it, so that the image agent can
    tell whether an HTTPS server is the right one.
  - The certificate that the device has is compared with O(ca_certificate). Another one under the same name is replaced.
  - The clock of the device is checked first, because a certificate is valid for a time only.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  name:
    description: The name of the trustpoint.
    type: str
    default: CNS
  ca_certificate:
    description:
      - The certificate of the CA that signed the server's, as PEM text. Exactly one.
      - Needed with O(state=present).
    type: str
  http_client:
    description:
      - Whether the HTTP client is pointed at this trustpoint (C(ip http client secure-trustpoint)).
      - With V(false) what the client is pointed at is left alone.
    type: bool
    default: true
  state:
    description: V(absent) removes the trustpoint with its certificate, and the setting of the HTTP client that names it.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.cns.save_when
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - The device is told to accept the certificate only if the SHA1 fingerprint it shows is that of O(ca_certificate).
    Releases that show none refuse the certificate in this way.
  - A new trustpoint does not check revocation (C(revocation-check none)), since image servers rarely come with a list of
    revoked certificates. The setting of a trustpoint that holds the certificate already is left alone.
  - To replace a certificate the trustpoint is removed first. If the device then refuses the new one, it has none.
seealso:
  - module: cns.image_agent.cns_image
"""

EXAMPLES = r"""
- name: Let the device know the image server by the certificate of its CA
  cns.image_agent.cns_trustpoint:
    ca_certificate: "{{ lookup('ansible.builtin.file', 'image-server-ca.pem') }}"
    save_when: changed

# On the device after:
#   crypto pki trustpoint CNS
#    enrollment terminal
#    revocation-check none
#   crypto pki certificate chain CNS
#    certificate ca 1F0C...
#   ip http client secure-trustpoint CNS

- name: Remove it
  cns.image_agent.cns_trustpoint:
    state: absent
"""

RETURN = r"""
before:
  description: What the device had.
  returned: always
  type: dict
  contains: &trust
    fingerprint:
      description: The SHA1 fingerprint of the CA certificate of the trustpoint. V(null) without trustpoint or certificate.
      type: str
      sample: 0E3B2C5A 9D8F6E71 24AC3B5D 6E7F8091 A2B3C4D5
    trustpoint:
      description: Whether there is a trustpoint of this name.
      type: bool
      sample: true
    http_client:
      description: The trustpoint that the HTTP client is pointed at.
      type: str
      sample: CNS
after:
  description: What the device has now; in check mode, what it would have.
  returned: always
  type: dict
  contains: *trust
commands:
  description:
    - The configuration lines that were sent, in order; in check mode, that would be sent. The certificate itself is pasted
      after C(crypto pki authenticate).
  returned: always
  type: list
  elements: str
  sample:
    - crypto pki trustpoint CNS
    - enrollment terminal
    - revocation-check none
    - exit
    - crypto pki authenticate CNS
    - ip http client secure-trustpoint CNS
saved:
  description: Whether the running configuration was written to the startup configuration.
  returned: always
  type: bool
  sample: false
failed_command:
  description: The line that the device refused.
  returned: when the device refused a line
  type: str
  sample: crypto pki authenticate CNS
applied:
  description: The lines that were applied before the refused one. They stay in the running configuration.
  returned: when the device refused a line
  type: list
  elements: str
  sample: [crypto pki trustpoint CNS, enrollment terminal, revocation-check none, exit]
device_said:
  description: What the device answered to the refused line.
  returned: when the device refused a line
  type: str
  sample: "% Certificate not accepted"
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils.module import module as module_of
from ansible_collections.cns.image_agent.plugins.module_utils.trust import trustpoint


def main() -> None:
    """Run the module."""
    module = module_of(
        AnsibleModule,
        argument_spec=dict(
            name=dict(type="str", default="CNS"),
            ca_certificate=dict(type="str", no_log=True),  # a private key that was pasted with it is shown to nobody
            http_client=dict(type="bool", default=True),
            state=dict(type="str", choices=["present", "absent"], default="present"),
            save_when=dict(type="str", choices=["never", "changed", "always"], default="never"),
        ),
        required_if=[("state", "present", ["ca_certificate"])],
        supports_check_mode=True,
    )
    result = module.converse(trustpoint.run(module.device(), module.params, module.check_mode))
    if not module._diff:
        del result["diff"]
    module.exit_json(**result)


if __name__ == "__main__":
    main()
