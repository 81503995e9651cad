# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the configuration modules have in common: their options, and the way from a task's options to its result."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils import advice, secret
from ansible_collections.cns.image_agent.plugins.module_utils import plan as planning
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import BY_NAME

STATES = ("merged", "replaced", "overridden", "deleted", "gathered", "rendered", "parsed")
REQUIRED_IF = [
    ("state", "merged", ("config",)),
    ("state", "replaced", ("config",)),
    ("state", "overridden", ("config",)),
    ("state", "rendered", ("config",)),
    ("state", "parsed", ("running_config",)),
]


def argument_spec(config_options, has_password=False):
    """The argument spec of a configuration module whose C(config) takes ``config_options``."""
    spec = dict(
        config=dict(type="dict", options=config_options),
        running_config=dict(type="str"),
        state=dict(type="str", choices=list(STATES), default="merged"),
        save_when=dict(type="str", choices=["never", "changed", "always"], default="never"),
    )
    if has_password:
        choices = ["when_changed", "always", "on_create"]
        spec["update_password"] = dict(type="str", choices=choices, default="when_changed", no_log=False)
    return spec


def run_feature(module, feature):
    """Run a module that configures one feature, whose C(config) is that feature's."""
    _run(module, [feature.NAME], lambda config: {feature.NAME: config}, lambda configs: configs[feature.NAME])


def run_all(module):
    """Run the module that configures every feature, whose C(config) has one key for each."""
    _run(module, list(BY_NAME), lambda config: config, lambda configs: configs)


def _run(module, names, by_feature, by_user):
    """Run a module that configures the features ``names``.

    ``by_feature`` turns the user's C(config) into ``{feature name: config}``; ``by_user`` does the reverse.
    """
    module.no_log_values.update(secret.url_passwords(module.params["config"]))
    try:
        result = _result(module, names, by_feature(_given(module.params["config"]) or {}), by_user)
    except CnsError as error:
        module.fail_json(msg=error.message, **error.details)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.exit_json(**result)


def _result(module, names, want, by_user):
    params = module.params
    state = params["state"]

    def shown(configs):
        return secret.mask(by_user(configs))

    if state == "parsed":
        readings = planning.read(params["running_config"].splitlines(), names)
        return dict(changed=False, commands=[], parsed=shown(_configs(readings)))
    if state == "rendered":
        plan = planning.plan(planning.read([], names), want, "merged")
        return dict(changed=False, commands=[], rendered=secret.mask(planning.lines(plan.after)))

    device = Device(module._socket_path)
    everything = len(names) > 1
    lines = device.running_config("^cns|" + advice.TRUSTPOINT_LINES if everything else "^cns")
    readings = planning.read(lines, names)
    if state == "gathered":
        return dict(changed=False, commands=[], gathered=shown(_configs(readings)))
    plan = planning.plan(readings, want, state, params.get("update_password"))
    warnings = plan.warnings + (advice.about(plan.before, plan.after, lines) if everything else [])
    if plan.commands and not module.check_mode:
        device.configure(plan.commands)
        warnings += _verify(device, names, plan)
    result = dict(
        changed=bool(plan.commands),
        commands=secret.mask(plan.commands),
        before=shown(plan.before),
        after=shown(plan.after),
        saved=False,
        warnings=warnings,
    )
    if params["save_when"] == "always" or (params["save_when"] == "changed" and plan.commands):
        result["changed"] = True
        if not module.check_mode:
            device.save()
            result["saved"] = True
    if module._diff:
        result["diff"] = dict(before=_text(plan.before), after=_text(plan.after))
    return result


def _verify(device, names, plan):
    """Read once more. A line that is not there is an error; a password the device does not show is a warning."""
    readings = planning.read(device.running_config("^cns"), names)
    wrong = planning.differences(plan.after, readings)
    if wrong:
        raise CnsError(
            "The device took every line, but its configuration is not what was sent: %s. "
            "It is left as the device shows it." % "; ".join(_mismatch(*pair) for pair in wrong),
            commands=secret.mask(plan.commands),
        )
    return [
        "The device took the %s password but does not show it, so its value was not verified and the next run will "
        "send it again; use update_password: on_create where that matters." % name
        for name in planning.unseen_passwords(plan.after, readings)
    ]


def _mismatch(expected, present):
    return secret.mask("expected %r, found %r" % (expected or "no line", present or "no line"))


def _configs(readings):
    return {name: reading.config for name, reading in readings.items()}


def _text(configs):
    return "".join(line + "\n" for line in secret.mask(planning.lines(configs)))


def _given(value):
    """Leave out what the user did not give: options that are null, at every depth."""
    if isinstance(value, dict):
        return {key: _given(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_given(entry) for entry in value]
    return value
