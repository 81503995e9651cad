# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send what was made on the controller to a URL. That it cannot be sent is a sentence, never an error."""

from __future__ import annotations

import urllib.error
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Optional

from ansible.module_utils.urls import open_url

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door

TIMEOUT = 10  # seconds for each step of a request


def post(url: str, parts: Sequence[tuple[str, str]], headers: Mapping[str, str]) -> Optional[str]:
    """Post each of ``parts``, (content type, text), one after another; why that failed, None if it did not.

    Neither a password in the URL, nor its path and query, nor a header is in the sentence: each may be a secret.
    """
    try:
        for content_type, text in parts:
            sent = {**{str(name): str(value) for name, value in headers.items()}, "Content-Type": content_type}
            open_url(
                url, data=text.encode("utf-8", "replace"), method="POST", headers=sent, timeout=TIMEOUT, **_login(url)
            ).close()
    except Exception as error:  # whatever a library raises: the rollout is over, and its end must be told
        return Door().line("The report could not be sent to %s: %s." % (_place(url), _reason(error, url, headers)))
    return None


def _login(url: str) -> dict[str, object]:
    """A password in the URL is sent with the first request."""
    return {"force_basic_auth": True} if "@" in urllib.parse.urlsplit(url).netloc else {}


def _place(url: str) -> str:
    """Scheme, host and port."""
    try:
        parts = urllib.parse.urlsplit(url)
        port = ":%d" % parts.port if parts.port else ""
        return "%s://%s%s" % (parts.scheme, parts.hostname, port) if parts.scheme and parts.hostname else "what is no URL"
    except ValueError:
        return "what is no URL"


def _reason(error: Exception, url: str, headers: Mapping[str, str]) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return "it answered %d" % error.code
    text = str(getattr(error, "reason", None) or error)
    secrets = {url, *map(str, headers.values())}
    return Door(secrets).line(text) or type(error).__name__
