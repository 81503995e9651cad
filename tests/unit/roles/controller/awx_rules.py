# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX accepts: surveys, answers to them, recurrence rules. Pure; each function gives the problems it finds, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from zoneinfo import available_timezones

TYPES = {"text": str, "textarea": str, "password": str, "multiplechoice": str, "multiselect": str, "integer": int, "float": float}
TEXTS = ("text", "textarea", "password")
CHOICES = ("multiplechoice", "multiselect")
REQUIRED = {"type": str, "question_name": str, "variable": str, "required": bool}


def survey_problems(survey: Any) -> list[str]:
    for field, kind in (("name", str), ("description", str), ("spec", list)):
        if field not in survey:
            return [f"field {field} is missing from the survey"]
        if not isinstance(survey[field], kind):
            return [f"field {field} of the survey is no {kind.__name__}"]
    if not survey["spec"]:
        return ["the survey has no questions"]
    variables = [question.get("variable") for question in survey["spec"] if isinstance(question, dict)]
    twice = [f"two questions for {name}" for name in sorted({name for name in variables if variables.count(name) > 1})]
    return twice + [problem for question in survey["spec"] for problem in question_problems(question)]


def question_problems(question: Any) -> list[str]:
    if not isinstance(question, dict):
        return [f"a question is {question!r}"]
    shape = [
        f"{field} is {question.get(field)!r}" for field, kind in REQUIRED.items() if not isinstance(question.get(field), kind)
    ]
    if not shape and question["type"] not in TYPES:
        shape = [f"there is no type {question['type']}"]
    if shape:
        return [f"{question.get('variable')}: {problem}" for problem in shape]
    found = [*_limits(question), *_choices(question), *_default(question)]
    return [f"{question['variable']}: {problem}" for problem in found]


def _limits(question: dict) -> Iterator[str]:
    for limit in ("min", "max"):
        value = question.get(limit)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            yield f"{limit} is {value!r}"


def choices_of(question: dict) -> list[str]:
    given = question.get("choices", [])
    return given.splitlines() if isinstance(given, str) else given


def _choices(question: dict) -> Iterator[str]:
    if question["type"] not in CHOICES:
        return
    if "choices" not in question:
        yield "it has no choices"
    elif not all(isinstance(choice, str) for choice in choices_of(question)):
        yield "an answer is always text, and a choice is none"


def _default(question: dict) -> Iterator[str]:
    default = question.get("default", "")
    if default == "":
        return
    if isinstance(default, bool) or not isinstance(default, TYPES[question["type"]]):
        yield f"the default is {default!r}"
    elif question["type"] != "password" and str(default).startswith("$encrypted$"):
        yield "$encrypted$ is for passwords"
    elif question["type"] == "multiplechoice" and len(default.splitlines()) > 1:
        yield "it has several defaults"
    else:
        yield from _answer(question, default)


def answer_problems(question: dict, answer: Any) -> list[str]:
    """What is wrong with an answer at launch; ``None`` is none."""
    if answer is None:
        return [f"{question['variable']}: an answer is missing"] if question["required"] else []
    return [f"{question['variable']}: {problem}" for problem in _answer(question, answer)]


def _answer(question: dict, answer: Any) -> Iterator[str]:
    kind = question["type"]
    if kind in ("integer", "float"):
        numbers = (int,) if kind == "integer" else (int, float)
        if isinstance(answer, bool) or not isinstance(answer, numbers):
            yield f"{answer!r} is no number"
            return
        yield from _within(question, answer)
    elif kind in TEXTS:
        if not isinstance(answer, str):
            yield f"{answer!r} is no text"
        elif answer or question["required"]:
            yield from _within(question, len(answer))
    else:
        chosen = answer if isinstance(answer, list) else str(answer).splitlines()
        yield from (f"{choice!r} is no choice" for choice in chosen if choice not in choices_of(question))


def _within(question: dict, size: float) -> Iterator[str]:
    least, most = question.get("min"), question.get("max")
    if least is not None and size < least:
        yield f"{size} is less than {least}"
    if most is not None and size > most:
        yield f"{size} is more than {most}"


def rrule_problems(text: str) -> list[str]:
    starts = re.findall(r"DTSTART(?:;[^:]+)?:\d+T\d+Z?", text)
    rules = re.findall(r"RULE:(\S*)", text)
    found = [] if starts else ["a valid DTSTART is missing"]
    if re.search(r"DTSTART:\d+T\d+(?: |$)", text):
        found.append("DTSTART has no time zone")
    if len(starts) > 1:
        found.append("several DTSTART")
    if not rules:
        found.append("a rule is missing")
    found += [f"{word} is not allowed" for word in ("EXDATE:", "RDATE:") if word in text.upper()]
    found += [f"there is no time zone {zone}" for zone in re.findall(r"TZID=([^:]+):", text) if zone not in available_timezones()]
    return found + [problem for rule in rules for problem in _rule_problems(rule)]


def _rule_problems(rule: str) -> Iterator[str]:
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if "INTERVAL" not in parts:
        yield f"INTERVAL is missing in {rule}"
    if parts.get("FREQ") not in ("MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        yield f"FREQ is not supported in {rule}"
    if re.search(r"\d", parts.get("BYDAY", "")):
        yield f"BYDAY with a number in {rule}"
    if {"COUNT", "UNTIL"} <= set(parts):
        yield f"both COUNT and UNTIL in {rule}"
    if int(parts.get("COUNT", 0)) > 999:
        yield f"COUNT is more than 999 in {rule}"
