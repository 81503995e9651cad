# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the configuration modules have in common: their options, and the way from a task's options to its result."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import advice, log_lines, refusal, secret, show
from ansible_collections.cns.image_agent.plugins.module_utils import module as modules
from ansible_collections.cns.image_agent.plugins.module_utils import plan as planning
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, InputError, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.features import schedule
from ansible_collections.cns.image_agent.plugins.module_utils.features.feature import Config, Feature, Options, Reading
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES, AGENTS
from ansible_collections.cns.image_agent.plugins.module_utils.module import Base, CnsModule

Configs = Dict[str, Config]  # by the name of the feature

STATES = ("merged", "replaced", "overridden", "deleted", "gathered", "rendered", "parsed")
_REQUIRED_IF = [
    ("state", "merged", ("config",)),
    ("state", "replaced", ("config",)),
    ("state", "overridden", ("config",)),
    ("state", "rendered", ("config",)),
    ("state", "parsed", ("running_config",)),
]


class _Module(CnsModule):
    """What is no dictionary has no option that is known to be a secret, so all of it is one."""

    def fail_json(self, msg: str, **details: Any) -> None:
        """Fail without it."""
        config = self.params.get("config")
        if not isinstance(config, (dict, type(None))):
            self.params = dict(self.params, config=secret.MASK)  # no pattern knows what it holds
            msg = "config is no dictionary of options, such as server: URL on a line of its own: %s. Nothing was sent." % (
                msg.replace(config, secret.MASK) if isinstance(config, str) and config else msg
            )
        super().fail_json(msg, **details)


def _module(base: Base, config_options: Options) -> CnsModule:
    """The module whose C(config) takes ``config_options``."""
    spec: Options = dict(
        config=dict(type="dict", options=config_options),
        running_config=dict(type="str", no_log=True),
        state=dict(type="str", choices=list(STATES), default="merged"),
        save_when=dict(type="str", choices=["never", "changed", "always"], default="never"),
    )
    if _has_password(config_options):
        choices = ["when_changed", "always", "on_create"]
        spec["update_password"] = dict(type="str", choices=choices, default="when_changed", no_log=False)
    return modules.module(base, _Module, argument_spec=spec, required_if=_REQUIRED_IF, supports_check_mode=True)


def _has_password(options: Options) -> bool:
    return any(name == "password" or _has_password(option.get("options", {})) for name, option in options.items())


class _OneFeature:
    """What a module covers: its features, what it reads for them, and how its C(config) maps to theirs."""

    def __init__(self, feature: Feature) -> None:
        self.names = [feature.name]

    def by_feature(self, config: Config) -> Configs:
        """The user's C(config) -> ``{feature name: config}``."""
        return {self.names[0]: config}

    def by_user(self, configs: Configs) -> Config:
        """The reverse."""
        return configs[self.names[0]]

    async def read(self, device: Device) -> list[str]:
        """The lines of the running configuration that the features and the advice are about."""
        return await device.running_config("^cns")

    def own(self, lines: list[str]) -> list[str]:
        """Those of the lines that the features are about."""
        return lines

    async def advise(self, device: Device, plan: planning.Plan, lines: list[str]) -> list[str]:  # pylint: disable=unused-argument
        """Warnings about what a plan leads to; raises InputError where it must not be followed."""
        return []


class _Agents(_OneFeature):
    """All the agents, whose settings depend on each other and on the trustpoints."""

    def __init__(self) -> None:
        self.names = list(AGENT_NAMES)

    def by_feature(self, config: Config) -> Configs:
        return config

    def by_user(self, configs: Configs) -> Config:
        return configs

    async def read(self, device: Device) -> list[str]:
        return await device.running_config("^cns|" + advice.TRUSTPOINT_LINES)

    async def advise(self, device: Device, plan: planning.Plan, lines: list[str]) -> list[str]:
        return advice.about(plan.before, plan.after, lines)


class _Schedule(_OneFeature):
    """The one schedule that the C(config) names, among others that the device may have."""

    def __init__(self, name: str) -> None:
        self.names = [schedule.Schedule.name]
        self._name = name

    def by_feature(self, config: Config) -> Configs:
        return {self.names[0]: {"schedules": [dict(config, name=self._name)]}}

    def by_user(self, configs: Configs) -> Config:
        named = [entry for entry in configs[self.names[0]]["schedules"] if entry["name"] == self._name]
        # Its name is told even where there is none: given back, it must not mean the schedule of another name.
        return named[0] if named else dict(dict.fromkeys(schedule.Schedule().options()), name=self._name)

    async def read(self, device: Device) -> list[str]:
        return await device.running_section("^kron")

    def own(self, lines: list[str]) -> list[str]:
        return schedule.of_name(lines, self._name)

    async def advise(self, device: Device, plan: planning.Plan, lines: list[str]) -> list[str]:
        if _runs_at_times(plan):
            schedule.check_room(lines, self._name)
        try:
            clock = await device.ask("show clock", show.clock, lambda parsed: parsed["time"])
        except Refused:
            if _runs_at_times(plan):
                raise
            return []
        if _runs_at_times(plan):
            _check_clock(clock or {})
        return []


def _runs_at_times(plan: planning.Plan) -> bool:
    return any(line.startswith("kron occurrence") for line in plan.commands)


def _check_clock(clock: dict[str, Any]) -> None:
    if clock.get("authoritative") is False:
        raise InputError(
            "The clock of the device is not set (it says %s), and Command Scheduler does not run at a time it does "
            "not know. Set the clock, or configure NTP. Nothing was sent." % clock["time"]
        )


def run_feature(base: Base, feature: Feature) -> None:
    """Run a module that configures one feature, whose C(config) is that feature's."""
    module = _module(base, feature.options())
    _run(module, _OneFeature(feature), module.params["state"])


def run_agents(base: Base) -> None:
    """Run the module that configures every agent, whose C(config) has one key for each."""
    module = _module(base, {feature.name: dict(type="dict", options=feature.options()) for feature in AGENTS})
    _run(module, _Agents(), module.params["state"])


def run_schedule(base: Base) -> None:
    """Run the module that configures one schedule; the others on the device are never touched."""
    options = schedule.Schedule().options()
    module = _module(base, options)
    config = _given(module.params["config"]) or {}
    state = module.params["state"]
    if state in ("replaced", "overridden"):
        # A schedule of which nothing is said but its name is none, which is how the lack of one is gathered.
        state = "merged" if set(config) - {"name"} else "deleted"
    _run(module, _Schedule(config.get("name") or options["name"]["default"]), state)


async def merge_agents(device: Device, config: Config, update_password: str) -> bool:
    """Merge the C(config) of every agent into that of a ``device.Device``; whether anything was sent. Raises as modules do."""
    params = dict(save_when="never", update_password=update_password)
    return (await _online(device, params, _Agents(), "merged", _given(config), False))["changed"]


def _run(module: CnsModule, scope: _OneFeature, state: str) -> None:
    """Run a module, from its parameters to its result."""
    want = scope.by_feature(_given(module.params["config"]) or {})
    if state in _OFFLINE:
        result = module.converse(_offline(state, module, scope, want))
    else:
        result = module.converse(_online(module.device(), module.params, scope, state, want, module.check_mode))
    if not module._diff:
        result.pop("diff", None)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.exit_json(**result)


async def _offline(state: str, module: CnsModule, scope: _OneFeature, want: Configs) -> dict[str, Any]:
    """The result of the states that are about no device."""
    return _OFFLINE[state](module.params, scope, want)


def _shown(scope: _OneFeature, configs: Configs) -> Any:
    return scope.by_user(planning.options(configs))


def _not_understood(readings: dict[str, Reading]) -> dict[str, Any]:
    """What the configuration of a reading lacks, as a part of the result."""
    found = planning.unparsed(readings)
    told = "This collection does not know all that these lines say: %s." % "; ".join(found)
    return dict(unparsed=found, warnings=[told]) if found else {}


def _parsed(params: dict[str, Any], scope: _OneFeature, want: Configs) -> dict[str, Any]:  # pylint: disable=unused-argument
    if show.refused(params["running_config"]):  # which is not shown in messages
        raise InputError("running_config is no configuration, but the refusal of a device to show one. Nothing was concluded.")
    readings = planning.read(scope.own(params["running_config"].splitlines()), scope.names)
    return dict(changed=False, commands=[], parsed=_shown(scope, _configs(readings)), **_not_understood(readings))


def _rendered(params: dict[str, Any], scope: _OneFeature, want: Configs) -> dict[str, Any]:  # pylint: disable=unused-argument
    plan = planning.plan(planning.read([], scope.names), want, "merged")
    return dict(changed=False, commands=[], rendered=planning.lines(plan.after))


_OFFLINE = {"parsed": _parsed, "rendered": _rendered}  # the states that need no device


async def _online(
    device: Device, params: dict[str, Any], scope: _OneFeature, state: str, want: Configs, check_mode: bool
) -> dict[str, Any]:
    """The result of the states that are about a ``device.Device``."""
    lines = await scope.read(device)
    readings = planning.read(scope.own(lines), scope.names)
    if state == "gathered":
        return dict(changed=False, commands=[], gathered=_shown(scope, _configs(readings)), **_not_understood(readings))
    plan = planning.plan(readings, want, state, params.get("update_password"))
    warnings = plan.warnings + await scope.advise(device, plan, lines)
    if plan.commands and not check_mode:
        answers = await device.configure(plan.commands)
        warnings += await _verify(device, scope, plan, answers)
    result = dict(
        changed=bool(plan.commands),
        commands=list(plan.commands),
        before=_shown(scope, plan.before),
        after=_shown(scope, plan.after),
        saved=False,
        warnings=warnings,
        diff=dict(before=_text(plan.before), after=_text(plan.after)),
    )
    if params["save_when"] == "always" or (params["save_when"] == "changed" and plan.commands):
        result["changed"] = True
        if not check_mode:
            await device.save()
            result["saved"] = True
    return result


async def _verify(device: Device, scope: _OneFeature, plan: planning.Plan, answers: list[str]) -> list[str]:
    """Read once more. A line that is not there is an error; a password the device does not show is a warning."""
    readings = planning.read(scope.own(await scope.read(device)), scope.names)
    wrong = planning.differences(plan.after, readings)
    if wrong:
        raise CnsError(
            "The device took every line, but its configuration is not what was sent: %s. "
            "It is left as the device shows it.%s" % ("; ".join(_mismatch(*pair) for pair in wrong), _answered(answers)),
            commands=list(plan.commands),
        )
    return [
        "The device took the %s password but does not show it, so its value was not verified and the next run will "
        "send it again; use update_password: on_create where that matters." % name
        for name in planning.unseen_passwords(plan.after, readings)
    ]


def _answered(answers: list[str]) -> str:
    """What the device said to the lines, which may tell why."""
    said = " ".join(log_lines.without(answer) for answer in answers).strip()
    return " It said: %s." % refusal.brief(said) if said else ""


def _mismatch(expected: Optional[str], present: Optional[str]) -> str:
    return "expected %r, found %r" % (expected or "no line", present or "no line")


def _configs(readings: dict[str, Reading]) -> Configs:
    return {name: reading.config for name, reading in readings.items()}


def _text(configs: Configs) -> str:
    return "".join(line + "\n" for line in planning.lines(planning.plain(configs)))


def _given(value: Any) -> Any:
    """Leave out what the user did not give: options that are null, at every depth."""
    if isinstance(value, dict):
        return {key: _given(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_given(entry) for entry in value]
    return value
