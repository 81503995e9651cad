# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import json

import pytest

from ansible_collections.cns.image_agent.lab import control


def handle(command, arguments):
    if command != "add":
        raise ValueError("there is no command %s" % command)
    return arguments["a"] + arguments["b"]


def answers_to(tmp_path, *lines):
    """What each line is answered with, over one connection."""

    async def ask():
        server = await control.serve(tmp_path / "control", handle)
        try:
            reader, writer = await asyncio.open_unix_connection(tmp_path / "control")
            answers = []
            for line in lines:
                writer.write(line + b"\n")
                answers.append(json.loads(await asyncio.wait_for(reader.readline(), 10)))
            writer.close()
            return answers
        finally:
            server.close()

    return asyncio.run(ask())


GOOD = b'{"command": "add", "arguments": {"a": 1, "b": 2}}'


@pytest.mark.parametrize(
    "line, says",
    [
        (b"no JSON", "a request is a JSON object"),
        (b"", "a request is a JSON object"),
        (b"\xff\xfe", "a request is a JSON object"),
        (b"[" * 100_000, "a request is a JSON object"),
        (b"[1]", "a request is a command"),
        (b"null", "a request is a command"),
        (b'{"command": "add"}', "a request is a command"),
        (b'{"command": ["add"], "arguments": {}}', "a request is a command"),
        (b'{"command": "add", "arguments": [1, 2]}', "a request is a command"),
        (b'{"command": "sub", "arguments": {}}', "there is no command sub"),
        (b'{"command": "add", "arguments": {"a": 1}}', "add does not take these arguments"),
        (b'{"command": "add", "arguments": {"a": 1, "b": "x"}}', "add does not take these arguments"),
    ],
)
def test_a_malformed_request_is_answered_and_the_next_one_too(tmp_path, line, says):
    answers = answers_to(tmp_path, line, GOOD)
    assert answers[0]["error"].startswith(says)
    assert answers[1] == {"result": 3}
