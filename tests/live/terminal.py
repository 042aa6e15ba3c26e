# SPDX-License-Identifier: MIT
"""A terminal that a test looks at: tmux, and in it profanity, a chat client."""
import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import time

import live

WIDTH, HEIGHT = 110, 48


def is_installed(*programs):
    return all(shutil.which(program) for program in programs)


class Terminal:
    def __init__(self, test, name):
        self.test, self.socket = test, os.path.join(test.folder, name + ".tmux")

    async def tmux(self, *arguments):
        ran = await self.test.run("tmux", "-S", self.socket, "-f", "/dev/null", *arguments,
                                  environment=live.clean_environment(TERM="screen"))
        if ran.status != 0:
            raise RuntimeError(str(ran))
        return ran.out

    async def start(self, *argv, **environment):
        variables = ["%s=%s" % item for item in environment.items()]
        self.test.stack.push_async_callback(self.end)
        await self.tmux("new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), "env", "-i", *variables, *argv)

    async def end(self):
        if os.path.exists(self.socket):
            await self.test.run("tmux", "-S", self.socket, "kill-server")

    async def type(self, line):
        await self.tmux("send-keys", "-l", line)
        await self.tmux("send-keys", "Enter")

    async def screen(self):
        """Its lines, without the empty ones."""
        text = await self.tmux("capture-pane", "-p")
        return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())

    async def shows(self, pattern, limit=30):
        """Waits until the pattern is on the screen; the screen then, or an error with what was there instead."""
        end = time.monotonic() + limit * live.SLOW
        while True:
            screen = await self.screen()
            if re.search(pattern, screen):
                return screen
            if time.monotonic() > end:
                raise RuntimeError("no /%s/ on the screen within %d s but:\n%s" % (pattern, limit, screen))
            await asyncio.sleep(0.1)

    async def answers(self, line, pattern, limit=30):
        """Types it on an empty screen, again and again, until the answer is right; the screen then."""
        end = time.monotonic() + limit * live.SLOW
        while True:
            await self.type("/clear")
            await self.type(line)
            with contextlib.suppress(RuntimeError):
                return await self.shows(pattern, 2)
            if time.monotonic() > end:
                raise RuntimeError("%s does not give /%s/ but:\n%s" % (line, pattern, await self.screen()))


class Profanity(Terminal):
    """Logged in as a user of a switch, by a home of its own."""

    def __init__(self, test, switch, user):
        super().__init__(test, "%s-%s" % (switch.server, user))
        self.switch, self.user = switch, user
        self.home = os.path.join(test.folder, "%s-%s-home" % (switch.server, user))

    def write(self, path, text):
        path = os.path.join(self.home, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def make_home(self):
        """The authority of the switch is trusted by a folder as OpenSSL wants it: names are hashes."""
        digest = subprocess.run(["openssl", "x509", "-in", self.switch.ca, "-noout", "-hash"],
                                check=True, stdout=subprocess.PIPE).stdout.decode().strip()
        with open(self.switch.ca, encoding="ascii") as file:
            self.write("ca/%s.0" % digest, file.read())
        off = "".join("time.%s=off\n" % window for window in ("console", "chat", "config", "statusbar", "lastactivity"))
        self.write(".config/profanity/profrc",
                   "[connection]\ntls.certpath=%s/ca\n[ui]\nsplash=false\noccupants=false\nroster=false\n%s"
                   "statuses.console=none\nstatuses.chat=none\n"
                   "[logging]\nchlog=false\n[notifications]\nmessage=off\n" % (self.home, off))
        self.write(".local/share/profanity/accounts",
                   "[%s]\nenabled=true\njid=%s@%s\nserver=%s\nport=%d\nresource=chat\ntls.policy=force\npassword=%s\n" %
                   (self.user, self.user, self.switch.domain, self.switch.host, self.switch.port,
                    self.switch.password(self.user)))

    async def open(self):
        self.make_home()
        await self.start("profanity", "-a", self.user, HOME=self.home, LANG="C.UTF-8", TERM="screen",
                         PATH=os.environ["PATH"])
        await self.shows(r"logged in successfully")
        return self
