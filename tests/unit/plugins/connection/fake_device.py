# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A device that misbehaves on demand, on a port of the loopback address."""

from __future__ import annotations

import asyncio
import multiprocessing

import asyncssh

PASSWORD = "login-pw"
ENABLE = "enable-pw"


class _Server(asyncssh.SSHServer):
    """One connection to the device, as the mishap that is next has it."""

    def __init__(self, device):
        self._device = device

    def connection_made(self, conn):
        self.conn = conn
        conn.set_extra_info(mishap=self._device.mishaps.pop(0) if self._device.mishaps else None)
        self.cut_if(self._device.REFUSED)

    def begin_auth(self, username):
        self.cut_if(self._device.CUT_IN_LOGIN)
        return True

    def auth_completed(self):
        self._device.log["logins"] += 1

    def session_requested(self):
        self.cut_if(self._device.CUT_BEFORE_SHELL)
        refused = self.has(self._device.NO_SHELL)
        return not refused and asyncssh.SSHServerProcess(self._device._session, asyncssh.SFTPServer, 3, True)

    def cut_if(self, mishap):
        if self.has(mishap):
            self.conn.abort()

    def has(self, mishap):
        return self.conn.get_extra_info("mishap") == mishap

    def connection_requested(self, dest_host, dest_port, orig_host, orig_port):
        self._device.log["forwarded"] += 1
        return True

    def password_auth_supported(self):
        return not self._device.questions

    def kbdint_auth_supported(self):
        return bool(self._device.questions)

    def get_kbdint_challenge(self, username, lang, submethods):
        self.open_questions = list(self._device.questions)
        return "", "", "", [(self.open_questions[0][0], False)]

    def validate_kbdint_response(self, username, responses):
        _question, answer = self.open_questions.pop(0)
        if responses != [answer] or not self.open_questions:
            return responses == [answer]
        return "", "", "", [(self.open_questions[0][0], False)]

    def validate_password(self, username, password):
        return password == PASSWORD

    def public_key_auth_supported(self):
        return self._device.public_key is not None

    def validate_public_key(self, username, key):
        return key.export_public_key().split()[:2] == self._device.public_key.split()[:2]


class FakeDevice:
    """Speaks IOS well enough for cisco.ios.

    ``answers`` maps a command to its answer: text, or a list of text, numbers (seconds of silence), DROP and HANG.
    ``banner`` is such a list, ``public_key`` what may log in besides the password. ``mishaps`` are what happens to the first
    connections, one each: REFUSED, CUT_IN_LOGIN, CUT_BEFORE_SHELL, NO_SHELL, or a list in place of the banner.
    ``behind_prompt`` stands in the packet of each prompt that follows a command. ``questions``: pairs of what a
    keyboard-interactive login asks, one after the other, and the right answer; then there is no other login by password.
    ``host_key`` is a private key, ``algorithms`` are options of asyncssh. It forwards connections, as a jump host does.
    """

    DROP, HANG = "<drop>", "<hang>"
    REFUSED, CUT_IN_LOGIN, CUT_BEFORE_SHELL, NO_SHELL = "refused", "cut in login", "cut before shell", "no shell"

    def __init__(
        self,
        answers=None,
        banner=(),
        echo_delay=0.0,
        privileged=True,
        public_key=None,
        echo=True,
        mishaps=(),
        behind_prompt="",
        questions=(),
        host_key=None,
        algorithms=None,
    ):
        self.answers = answers or {}
        self.banner = banner
        self.mishaps = list(mishaps)
        self.echo_delay = echo_delay
        self.privileged = privileged
        self.echo = echo
        self.public_key = public_key
        self.behind_prompt = behind_prompt
        self.questions = list(questions)
        self.host_key = host_key or asyncssh.generate_private_key("ssh-ed25519")
        self.algorithms = algorithms or {}
        self.log = {"received": [], "logins": 0, "open": 0, "closed_politely": 0, "forwarded": 0, "sizes": []}

    def __enter__(self):
        """Start in a process of its own: libssh does not let other threads run while it connects."""
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=self._run, args=(theirs,), daemon=True)
        self._process.start()
        self.port = self._pipe.recv()
        return self

    def __exit__(self, *_exc):
        self._process.kill()
        self._process.join()

    @property
    def received(self):
        """The lines that came in, over all sessions."""
        return self._ask("received")

    @property
    def commands(self):
        """The same without the empty lines."""
        return [line for line in self.received if line]

    @property
    def logins(self):
        return self._ask("logins")

    @property
    def open(self):
        """How many sessions are open."""
        return self._ask("open")

    @property
    def closed_politely(self):
        """How many sessions ended by the client closing the channel, and not only the TCP connection."""
        return self._ask("closed_politely")

    @property
    def forwarded(self):
        """How many connections went on from here."""
        return self._ask("forwarded")

    @property
    def sizes(self):
        """The sizes of its terminal that it was told, columns and rows."""
        return self._ask("sizes")

    def _ask(self, what):
        self._pipe.send(what)
        return self._pipe.recv()

    def _run(self, pipe):
        asyncio.run(self._serve(pipe))

    async def _serve(self, pipe):
        server = await asyncssh.create_server(
            lambda: _Server(self),
            "127.0.0.1",
            0,
            server_host_keys=[self._key_pair()],
            line_editor=False,
            encoding=None,
            **self.algorithms,
        )
        asyncio.get_running_loop().add_reader(pipe.fileno(), lambda: pipe.send(self.log[pipe.recv()]))
        pipe.send(server.get_port())
        await asyncio.Event().wait()

    def _key_pair(self):
        (pair,) = asyncssh.load_keypairs([self.host_key])
        if pair.algorithm == b"ssh-rsa":
            pair.host_key_algorithms = (b"ssh-rsa",)  # as on old devices: not with SHA-2
        return pair

    async def _session(self, process):
        self.log["open"] += 1
        try:
            self.log["sizes"].append(process.get_terminal_size()[:2])
            await _Session(self, process).run()
        except EOFError:
            self.log["closed_politely"] += 1
        except (asyncssh.Error, OSError):
            pass
        finally:
            self.log["open"] -= 1
            process.close()


class _Session:
    def __init__(self, device, process):
        self.device = device
        self.process = process
        self.hostname = "R1"
        self.privileged = device.privileged
        self.mode = ""

    @property
    def prompt(self):
        return "%s%s%s" % (self.hostname, self.mode, "#" if self.privileged else ">")

    async def run(self):
        await self.play(self.process.get_extra_info("mishap") or self.device.banner)
        self.write("\r\n" + self.prompt)
        while True:
            line = await self.line()
            self.device.log["received"].append(line)
            await self.answer(line)
            self.write("\r\n" + self.prompt + self.device.behind_prompt if line else self.prompt)

    async def answer(self, line):
        script = self.device.answers.get(line)
        if script is not None:
            await self.play(script if isinstance(script, list) else [script])
        elif line == "show privilege":
            self.write("Current privilege level is %d" % (15 if self.privileged else 1))
        elif line == "enable":
            await self.enable()
        elif line == "write memory":
            self.write("Continue? [confirm]")
            self.device.log["received"].append(await self.line())
            self.write("[OK]")
        elif line == "configure terminal":
            self.mode = "(config)"
            self.write("Enter configuration commands, one per line.  End with CNTL/Z.")
        elif line == "end":
            self.mode = ""
        elif line.startswith("hostname ") and self.mode:
            self.hostname = line.split()[1]
        elif line and not self.mode and not line.startswith("terminal "):
            self.write("            ^\r\n% Invalid input detected at '^' marker.\r\n")

    async def enable(self):
        for _attempt in range(3):
            self.write("Password: ")
            if await self.line(echo=False) == ENABLE:
                self.privileged = True
                return
            self.write("\r\n")
        self.write("% Bad secrets\r\n")

    async def play(self, script):
        for step in script:
            if step == FakeDevice.HANG:
                while await self.process.stdin.read(100):
                    pass
                raise EOFError
            if step == FakeDevice.DROP:
                self.process.get_extra_info("connection").abort()
                raise OSError("dropped")
            if isinstance(step, str):
                self.write(step)
            else:
                await asyncio.sleep(step)

    async def line(self, echo=True):
        """Read a line and echo it when it is read, as IOS does with what was typed ahead."""
        text = b""
        while not text.endswith(b"\r"):
            byte = await self.byte()
            if not byte:
                raise EOFError
            text += byte
        if self.device.echo_delay:
            await asyncio.sleep(self.device.echo_delay)
        self.write((text[:-1].decode() if echo and self.device.echo else "") + "\r\n")
        return text.decode().strip()

    async def byte(self):
        while True:
            try:
                return await self.process.stdin.read(1)
            except asyncssh.TerminalSizeChanged as size:
                self.device.log["sizes"].append((size.width, size.height))

    def write(self, text):
        self.process.stdout.write(text.encode())
