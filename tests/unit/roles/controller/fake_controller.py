# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A controller's API over HTTP, as far as the role goes: objects with AWX's fields, checks, related links and filters, in memory.

It refuses what AWX refuses, so that what is accepted here has a name, refers to something, and can be launched.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Iterator, NamedTuple, Optional
from urllib.parse import parse_qsl, urlsplit

import yaml

from ansible_collections.cns.image_agent.tests.unit.roles.controller import awx_rules

USER, PASSWORD = "admin", "controller-password"
HIDDEN = "$encrypted$"
PROMPTS = ("limit", "variables", "job_type", "diff_mode", "inventory", "credential", "verbosity", "job_slice_count", "tags")
ASKS = {f"ask_{name}_on_launch": False for name in (*PROMPTS, "skip_tags", "execution_environment", "forks", "labels", "timeout")}


class Refused(Exception):
    def __init__(self, status: int, **said: Any):
        super().__init__(said)
        self.status, self.said = status, said


class Kind(NamedTuple):
    type: str
    required: tuple
    defaults: dict
    references: dict = {}  # field: the kinds of what it may refer to
    links: tuple = ()  # lists of other objects below /KIND/ID/
    unique: tuple = ("name", "organization")


ORGANIZATION = {"organization": ("organizations",)}
TEMPLATES = ("job_templates", "workflow_job_templates", "projects", "workflow_approval_templates")
KINDS = {
    "organizations": Kind("organization", ("name",), dict(description="", max_hosts=0, default_environment=None)),
    "credential_types": Kind(
        "credential_type", ("name", "kind"), dict(description="", inputs={}, injectors={}, managed=False, namespace=None)
    ),
    "credentials": Kind(
        "credential",
        ("name", "credential_type"),
        dict(description="", organization=None, inputs={}, managed=False),
        {**ORGANIZATION, "credential_type": ("credential_types",)},
    ),
    "execution_environments": Kind(
        "execution_environment",
        ("name", "image"),
        dict(description="", organization=None, credential=None, pull="", managed=False),
        {**ORGANIZATION, "credential": ("credentials",)},
        unique=("name",),
    ),
    "projects": Kind(
        "project",
        ("name",),
        dict(
            description="",
            organization=None,
            scm_type="",
            scm_url="",
            scm_branch="",
            credential=None,
            default_environment=None,
            scm_update_on_launch=False,
            scm_update_cache_timeout=0,
            allow_override=False,
            scm_revision="",
        ),
        {**ORGANIZATION, "credential": ("credentials",), "default_environment": ("execution_environments",)},
    ),
    "inventories": Kind(
        "inventory", ("name", "organization"), dict(description="", kind="", host_filter=None, variables=""), ORGANIZATION
    ),
    "inventory_sources": Kind(
        "inventory_source",
        ("name", "inventory", "source"),
        dict(
            description="",
            source_project=None,
            source_path="",
            overwrite=False,
            update_on_launch=False,
            update_cache_timeout=0,
        ),
        {"inventory": ("inventories",), "source_project": ("projects",)},
        unique=("name", "inventory"),
    ),
    "job_templates": Kind(
        "job_template",
        ("name", "project", "playbook"),
        dict(
            ASKS,
            description="",
            organization=None,
            job_type="run",
            inventory=None,
            execution_environment=None,
            extra_vars="",
            survey_enabled=False,
            limit="",
            diff_mode=False,
            verbosity=0,
            allow_simultaneous=False,
            job_slice_count=1,
        ),
        {
            "project": ("projects",),
            "inventory": ("inventories",),
            "execution_environment": ("execution_environments",),
        },
        ("credentials", "labels", "instance_groups", "notification_templates_error"),
    ),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        ("name",),
        dict(
            description="",
            organization=None,
            extra_vars="",
            survey_enabled=False,
            allow_simultaneous=False,
            ask_variables_on_launch=False,
            ask_inventory_on_launch=False,
            ask_limit_on_launch=False,
        ),
        ORGANIZATION,
        ("labels", "notification_templates_approvals", "notification_templates_error"),
    ),
    "workflow_job_template_nodes": Kind(
        "workflow_job_template_node",
        ("workflow_job_template",),
        dict(
            identifier="",
            unified_job_template=None,
            extra_data={},
            limit=None,
            job_type=None,
            inventory=None,
            all_parents_must_converge=False,
        ),
        {"workflow_job_template": ("workflow_job_templates",), "unified_job_template": TEMPLATES, "inventory": ("inventories",)},
        ("success_nodes", "failure_nodes", "always_nodes", "credentials", "instance_groups", "labels"),
        unique=("identifier", "workflow_job_template"),
    ),
    "workflow_approval_templates": Kind("workflow_approval_template", ("name",), dict(description="", timeout=0), unique=()),
    "schedules": Kind(
        "schedule",
        ("name", "unified_job_template", "rrule"),
        dict(description="", enabled=True, extra_data={}, limit=None, job_type=None, inventory=None),
        {"unified_job_template": TEMPLATES},
        ("credentials", "labels", "instance_groups"),
        unique=("name", "unified_job_template"),
    ),
    "labels": Kind("label", ("name", "organization"), {}, ORGANIZATION),
    "instance_groups": Kind("instance_group", ("name",), {}, unique=("name",)),
    "notification_templates": Kind("notification_template", ("name", "organization"), {}, ORGANIZATION),
}
NODES = ("success_nodes", "failure_nodes", "always_nodes")
WHERE = {"credentials": "credentials", **dict.fromkeys(NODES, "workflow_job_template_nodes")}  # what a list of links holds


class Controller:
    """``playbooks``: those of every project. ``changes``: each request that changed something, in order."""

    def __init__(self, playbooks: list[str], prefix: str = "/api/"):
        self.playbooks, self.base = playbooks, f"{prefix}v2/"
        self.product = "AWX" if prefix == "/api/" else "Red Hat Ansible Automation Platform"
        self.changes: list[tuple[str, str]] = []
        self.tokens: set[str] = set()
        self._ids = itertools.count(1)
        self._objects: dict[str, dict[int, dict]] = {kind: {} for kind in KINDS}
        self._links: dict[tuple[str, int, str], list[int]] = {}
        self._surveys: dict[int, dict] = {}
        self._lock = threading.Lock()
        self.add("organizations", name="Default")
        for name, kind in (("Machine", "ssh"), ("Source Control", "scm"), ("Container Registry", "registry")):
            self.add("credential_types", name=name, kind=kind, managed=True, namespace=kind)

    # For tests

    def add(self, kinds: str, /, **fields: Any) -> int:
        number = next(self._ids)
        self._objects[kinds][number] = {**KINDS[kinds].defaults, **fields}
        return number

    def named(self, kind: str, name: str) -> dict:
        (found,) = [thing for thing in self._objects[kind].values() if name in (thing.get("name"), thing.get("identifier"))]
        return found

    def names(self, kind: str) -> list[str]:
        return [thing.get("identifier") or thing["name"] for thing in self._objects[kind].values()]

    def linked(self, kind: str, name: str, link: str) -> list[str]:
        (number,) = [key for key, thing in self._objects[kind].items() if name in (thing.get("name"), thing.get("identifier"))]
        there = self._objects[WHERE[link]]
        return [there[key].get("identifier") or there[key]["name"] for key in self._links.get((kind, number, link), [])]

    def survey(self, kind: str, name: str) -> dict:
        (number,) = [key for key, thing in self._objects[kind].items() if thing["name"] == name]
        return self._surveys[number]

    # Requests

    def answer(self, method: str, url: str, body: Any, authorization: str) -> tuple[int, Any]:
        path, query = urlsplit(url).path, dict(parse_qsl(urlsplit(url).query))
        try:
            with self._lock:
                return self._route(method, path, query, body or {}, authorization)
        except Refused as refused:
            return refused.status, refused.said

    def _route(self, method: str, path: str, query: dict, body: dict, authorization: str) -> tuple[int, Any]:
        if not path.startswith(self.base):
            raise Refused(404, detail="Not found.")
        names = path[len(self.base) :].strip("/").split("/")
        if names[0] == "tokens":
            return self._token(method, authorization)
        if authorization.partition(" ")[2] not in self.tokens:
            raise Refused(401, detail="Authentication credentials were not provided.")
        status, said = self._dispatch(method, names, query, body)
        if method != "GET":
            self.changes.append((method, path))
        return status, said

    def _token(self, method: str, authorization: str) -> tuple[int, Any]:
        if base64.b64decode(authorization.partition(" ")[2]).decode() != f"{USER}:{PASSWORD}":
            raise Refused(401, detail="Invalid username/password.")
        token = f"token{next(self._ids)}"
        self.tokens.add(token)
        return (201, {"id": 1, "token": token}) if method == "POST" else (204, None)

    def _dispatch(self, method: str, names: list[str], query: dict, body: dict) -> tuple[int, Any]:
        kind, number, link = [*names, None, None][:3]
        if kind == "unified_job_templates" and method == "GET":
            return 200, self._page([*self._shown("job_templates"), *self._shown("workflow_job_templates")], query)
        if kind == "project_updates":
            return 200, {"id": number, "status": "successful"}
        if kind not in KINDS or (number and int(number) not in self._objects[kind]):
            raise Refused(404, detail="Not found.")
        if number is None:
            return (200, self._page(self._shown(kind), query)) if method == "GET" else self._create(kind, body)
        if link is None:
            return (200, self._show(kind, int(number))) if method == "GET" else self._change(method, kind, int(number), body)
        return self._related(method, kind, int(number), link, body)

    def _related(self, method: str, kind: str, number: int, link: str, body: dict) -> tuple[int, Any]:
        if link == "survey_spec" and "survey_enabled" in KINDS[kind].defaults:
            return (200, self._surveys.get(number, {})) if method == "GET" else self._set_survey(number, body)
        if link == "create_approval_template" and method == "POST":
            return self._approve(number, body)
        if link not in KINDS[kind].links:
            raise Refused(404, detail="Not found.")
        if method == "GET":
            linked = self._links.get((kind, number, link), [])
            return 200, self._page([self._show(WHERE.get(link, link), key) for key in linked], {})
        return self._link(kind, number, link, body)

    # Objects

    def _show(self, kind: str, number: int) -> dict:
        url = f"{self.base}{kind}/{number}/"
        thing = self._objects[kind][number]
        related = {name: f"{url}{name}/" for name in KINDS[kind].links}
        if "survey_enabled" in thing:
            related["survey_spec"] = f"{url}survey_spec/"
        if (template := thing.get("unified_job_template")) is not None:
            related["unified_job_template"] = f"{self.base}{self._kind_of(template, TEMPLATES)}/{template}/"
        more = {"current_update": {"id": number}} if kind == "projects" else {}
        shown = {**thing, "inputs": self._masked(thing)} if kind == "credentials" else thing
        return {"id": number, "type": KINDS[kind].type, "url": url, "related": related, "summary_fields": more, **shown}

    def _shown(self, kind: str) -> list[dict]:
        return [self._show(kind, number) for number in self._objects[kind]]

    def _masked(self, credential: dict) -> dict:
        fields = self._objects["credential_types"][credential["credential_type"]]["inputs"].get("fields", [])
        secret = {field["id"] for field in fields if field.get("secret")}
        return {name: HIDDEN if name in secret else value for name, value in credential["inputs"].items()}

    def _page(self, things: list[dict], query: dict) -> dict:
        size, page = int(query.pop("page_size", 25)), int(query.pop("page", 1))
        either = {key[4:]: value for key, value in query.items() if key.startswith("or__")}
        every = {key: value for key, value in query.items() if not key.startswith("or__")}
        unknown = [key for key in (*either, *every) if things and not any(key in thing for thing in things)]
        if unknown:
            raise Refused(400, detail=f"There is no field named '{unknown[0]}'.")
        found = [thing for thing in things if all(str(thing.get(key)) == value for key, value in every.items())]
        if either:
            found = [thing for thing in found if any(str(thing.get(key)) == value for key, value in either.items())]
        more = f"{self.base}?page={page + 1}" if len(found) > page * size else None
        return {"count": len(found), "next": more, "previous": None, "results": found[(page - 1) * size : page * size]}

    def _create(self, kind: str, body: dict) -> tuple[int, Any]:
        fields = self._accepted(kind, body, dict(KINDS[kind].defaults))
        self._check(kind, None, fields)
        number = self.add(kind, **fields)
        if kind == "projects":
            self._objects[kind][number]["scm_revision"] = "0f" * 20
        return 201, self._show(kind, number)

    def _change(self, method: str, kind: str, number: int, body: dict) -> tuple[int, Any]:
        if method != "PATCH":
            raise Refused(405, detail="Method not allowed.")
        fields = self._accepted(kind, body, dict(self._objects[kind][number]))
        self._check(kind, number, fields)
        self._objects[kind][number] = fields
        return 200, self._show(kind, number)

    def _accepted(self, kind: str, body: dict, fields: dict) -> dict:
        known = {*KINDS[kind].defaults, *KINDS[kind].required, "name"}
        fields.update({name: value for name, value in body.items() if name in known and name != "managed"})
        if kind == "job_templates":  # its organization is that of the project, whatever is said
            fields["organization"] = self._objects["projects"].get(fields.get("project"), {}).get("organization")
        if fields.get("host_filter") == "":
            fields["host_filter"] = None
        return {name: KINDS[kind].defaults.get(name) if value is None else value for name, value in fields.items()}

    # What is refused

    def _check(self, kind: str, number: Optional[int], fields: dict) -> None:
        for name in KINDS[kind].required:
            if fields.get(name) in (None, ""):
                raise Refused(400, **{name: ["This field is required."]})
        for name, kinds in KINDS[kind].references.items():
            if fields.get(name) is not None and self._kind_of(fields[name], kinds) is None:
                raise Refused(400, **{name: [f'Invalid pk "{fields[name]}" - object does not exist.']})
        for name, default in KINDS[kind].defaults.items():
            if isinstance(default, (bool, int, str, dict)) and type(fields[name]) is not type(default):
                raise Refused(400, **{name: [f"{fields[name]!r} is not valid."]})
        if unique := KINDS[kind].unique:
            key = [fields.get(name) for name in unique]
            if any(key == [other.get(name) for name in unique] and n != number for n, other in self._objects[kind].items()):
                raise Refused(400, __all__=[f"{KINDS[kind].type} with this {' and '.join(unique)} already exists."])
        getattr(self, f"_check_{kind}", lambda _fields: None)(fields)

    def _kind_of(self, number: int, kinds: tuple) -> Optional[str]:
        return next((kind for kind in kinds if number in self._objects[kind]), None)

    def _check_credential_types(self, fields: dict) -> None:
        if fields["kind"] not in ("cloud", "net"):
            raise Refused(400, kind=["Must be 'cloud' or 'net', not %s" % fields["kind"]])
        known = {field["id"] for field in fields["inputs"].get("fields", [])}
        for sort, templates in fields["injectors"].items():
            if sort not in ("env", "extra_vars", "file"):
                raise Refused(400, injectors=[f"Additional properties are not allowed ({sort!r} was unexpected)"])
            for name, template in templates.items():
                used = set(re.findall(r"{{ *(\w+) *}}", template))
                if not used or used - known:
                    raise Refused(400, injectors=[f"{name} uses an undefined field ({used - known or template})"])

    def _check_credentials(self, fields: dict) -> None:
        known = self._objects["credential_types"][fields["credential_type"]]["inputs"]
        ids = {field["id"] for field in known.get("fields", [])}
        if ids and set(fields["inputs"]) - ids:
            raise Refused(400, inputs=[f"Additional properties are not allowed ({set(fields['inputs']) - ids})"])

    def _check_inventories(self, fields: dict) -> None:
        _mapping("variables", fields["variables"])

    def _check_inventory_sources(self, fields: dict) -> None:
        if fields["source"] == "scm" and fields["source_project"] is None:
            raise Refused(400, source_project=["Project required for scm type sources."])

    def _check_job_templates(self, fields: dict) -> None:
        _mapping("extra_vars", fields["extra_vars"])
        if fields["playbook"] not in self.playbooks:
            raise Refused(400, playbook=["Playbook not found for project."])
        if fields["inventory"] is None and not fields["ask_inventory_on_launch"]:
            raise Refused(400, inventory=["A default inventory is needed, or a prompt for one."])

    def _check_workflow_job_templates(self, fields: dict) -> None:
        _mapping("extra_vars", fields["extra_vars"])

    def _check_workflow_job_template_nodes(self, fields: dict) -> None:
        self._check_prompts(fields, ())

    def _check_schedules(self, fields: dict) -> None:
        if problems := awx_rules.rrule_problems(fields["rrule"]):
            raise Refused(400, rrule=problems)
        self._check_prompts(fields, self._questions(fields["unified_job_template"]))

    def _check_prompts(self, fields: dict, must_be_answered: Any) -> None:
        """Only what a template asks for at launch can be said for it beforehand."""
        kind = self._kind_of(fields["unified_job_template"], TEMPLATES)
        template = self._objects[kind][fields["unified_job_template"]] if kind else {}
        for name in ("limit", "job_type", "inventory"):
            if fields.get(name) not in (None, "") and not template.get(f"ask_{name}_on_launch"):
                raise Refused(400, **{name: ["Field is not configured to prompt on launch."]})
        questions = self._questions(fields["unified_job_template"])
        unknown = set(fields["extra_data"]) - {question["variable"] for question in questions}
        if unknown and not template.get("ask_variables_on_launch"):
            raise Refused(400, extra_data=[f"Variables {sorted(unknown)} are not allowed on launch."])
        for question in questions:
            answer = fields["extra_data"].get(question["variable"], question.get("default"))
            problems = awx_rules.answer_problems(question, answer)
            if problems and (answer is not None or question in must_be_answered):
                raise Refused(400, variables_needed_to_start=problems)

    def _questions(self, template: Optional[int]) -> list[dict]:
        return self._surveys.get(template or 0, {}).get("spec", [])

    # What belongs to an object

    def _set_survey(self, number: int, body: dict) -> tuple[int, Any]:
        if problems := awx_rules.survey_problems(body):
            raise Refused(400, error="; ".join(problems))
        self._surveys[number] = body
        return 200, {}

    def _approve(self, node: int, body: dict) -> tuple[int, Any]:
        if self._objects["workflow_job_template_nodes"][node]["unified_job_template"] is not None:
            raise Refused(400, detail="The node has a template already.")
        status, approval = self._create("workflow_approval_templates", body)
        self._objects["workflow_job_template_nodes"][node]["unified_job_template"] = approval["id"]
        return status, approval

    def _link(self, kind: str, number: int, link: str, body: dict) -> tuple[int, Any]:
        there, linked = body["id"], self._links.setdefault((kind, number, link), [])
        if there not in self._objects[WHERE.get(link, link)]:
            raise Refused(400, detail="Not found.")
        if body.get("disassociate"):
            linked.remove(there)
            return 204, None
        if link in NODES:
            self._check_edge(number, there)
        if link == "credentials":
            self._check_one_of_a_type(linked, there)
        linked.append(there)
        return 204, None

    def _check_edge(self, parent: int, child: int) -> None:
        nodes = self._objects["workflow_job_template_nodes"]
        if nodes[parent]["workflow_job_template"] != nodes[child]["workflow_job_template"]:
            raise Refused(400, detail="The nodes are of different workflows.")
        if child in self._children(parent):
            raise Refused(400, detail="Relationship not allowed.")
        if parent in self._below(child):
            raise Refused(400, detail="Cycle detected.")

    def _children(self, node: int) -> list[int]:
        return [key for link in NODES for key in self._links.get(("workflow_job_template_nodes", node, link), [])]

    def _below(self, node: int) -> set[int]:
        return {node}.union(*(self._below(child) for child in self._children(node)))

    def _check_one_of_a_type(self, linked: list[int], there: int) -> None:
        credentials = self._objects["credentials"]
        sort = credentials[there]["credential_type"]
        if sort in [credentials[key]["credential_type"] for key in linked]:
            raise Refused(400, detail="Cannot assign multiple credentials of a type.")


def _mapping(name: str, text: str) -> None:
    if text and not isinstance(yaml.safe_load(text), dict):
        raise Refused(400, **{name: ["Must be a dictionary, as JSON or YAML."]})


@contextmanager
def serving(controller: Controller) -> Iterator[str]:
    """The address at which the controller answers."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said = controller.answer(
                self.command, self.path, json.loads(text) if text else None, self.headers.get("Authorization", "")
            )
            body = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("X-API-Product-Name", controller.product)
            self.send_header("X-API-Product-Version", "24.6.1")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = do_HEAD = handle_any

        def log_message(self, *_arguments: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
