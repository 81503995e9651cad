# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of what sends a report, against a server in this process."""

from __future__ import annotations

import base64
import http.server
import threading

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import post as post_file
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.post import post

PARTS = [("application/json", '{"total": 1}'), ("text/html; charset=utf-8", "<p>R1 \u00e4</p>")]
SECRETS = ("Hook-Secret-1", "Query-Secret-2", "Header-Secret-3", "Url-Secret-4")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, self.headers, body.decode()))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.heard, made.status = [], 204
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        made.place = "127.0.0.1:%d" % made.server_port
        yield made
        made.shutdown()
        thread.join()


def url(place, password="Url-Secret-4"):
    return "http://bot:%s@%s/hooks/Hook-Secret-1?token=Query-Secret-2" % (password, place)


HEADERS = {"X-Token": "Header-Secret-3"}


def test_json_and_page_are_posted(server):
    assert post(url(server.place), PARTS, HEADERS) is None
    assert [(path, body) for path, _headers, body in server.heard] == [
        ("/hooks/Hook-Secret-1?token=Query-Secret-2", text) for _type, text in PARTS
    ]
    for (_path, headers, _body), (content_type, _text) in zip(server.heard, PARTS):
        assert headers["Content-Type"] == content_type and headers["X-Token"] == "Header-Secret-3"
        assert base64.b64decode(headers["Authorization"].split()[1]) == b"bot:Url-Secret-4"


@pytest.mark.parametrize("status", [401, 404, 500])
def test_an_answer_that_is_none_of_success_is_a_sentence(server, status):
    server.status = status
    said = post(url(server.place), PARTS, HEADERS)
    assert said == "The report could not be sent to http://%s: it answered %d." % (server.place, status)
    assert len(server.heard) == 1  # the second part is not tried


@pytest.mark.parametrize(
    "bad, place",
    [
        (url("127.0.0.1:9"), "http://127.0.0.1:9: "),
        (url("no-such-host.invalid"), "http://no-such-host.invalid: "),
        ("ftp://bot:Url-Secret-4@127.0.0.1/Hook-Secret-1", "ftp://127.0.0.1: "),
        ("Hook-Secret-1", "what is no URL: "),
        ("http://[Hook-Secret-1", "what is no URL: "),
        ("http://127.0.0.1:99999/Hook-Secret-1", "what is no URL: "),
        ("http://127.0.0.1\n/Hook-Secret-1", ""),
    ],
)
def test_what_cannot_be_reached_is_a_sentence_without_a_secret(bad, place):
    said = post(bad, PARTS, HEADERS)
    assert said.startswith("The report could not be sent to " + place) and said.endswith(".") and "\n" not in said
    assert not [secret for secret in SECRETS if secret in said], said


def test_a_server_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(post_file, "TIMEOUT", 0.2)
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as silent:  # it listens, and nobody serves
        said = post(url("127.0.0.1:%d" % silent.server_port), PARTS, HEADERS)
    assert "could not be sent" in said and "timed out" in said
