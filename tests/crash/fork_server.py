"""Bots as real processes without the second of CPU that each start takes to import everything.

One process imports the bot and forks for each start; the child becomes `python -m bot run …` in its own folder, with
its own environment and log. It is killed, waited for and limited like any other process. Nothing of one bot reaches the
next: the process that forks runs no bot itself.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import random
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

IMPORTED: Final = ("bot.app", "bot.cli.run", "tests.crash.stepped_clock")
LISTEN: Final = 64


class Forked:
    """A forked process, as `asyncio.subprocess.Process` is one.

    Attributes:
        pid: Its id.
        returncode: Its exit code, negative for a signal; None while it runs.
    """

    def __init__(self, pid: int, ending: asyncio.StreamReader, connection: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection
        self._ended = asyncio.create_task(self._wait(ending))

    async def wait(self) -> int:
        """Wait for its end; return the exit code."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    async def _wait(self, ending: asyncio.StreamReader) -> int:
        line = await ending.readline()
        assert line, "the process that forks has died"
        self.returncode = int(line)
        self._connection.close()
        return self.returncode


async def fork(words: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path) -> Forked:
    """Run `python -m WORDS` in a folder; what it prints is appended to `log`."""
    ending, connection = await asyncio.open_unix_connection(_server())
    request = {"words": list(words), "folder": str(folder), "environment": dict(environment), "log": str(log)}
    connection.write(json.dumps(request).encode() + b"\n")
    return Forked(int(await ending.readline()), ending, connection)


@cache
def _server() -> str:
    """Start the process that forks, once a process of tests; return its address. It ends with the tests."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    atexit.register(process.communicate)  # the end of its input is what ends it
    assert process.stdout is not None
    return "\0" + process.stdout.readline().decode().strip()


def main() -> None:
    """Import the bot, then fork for each connection until standard input ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop
        for name in IMPORTED:
            import_module(name)
    gc.collect()
    gc.freeze()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    name = f"broadsheet-tests-{os.getpid()}"
    listening.bind(f"\0{name}")
    listening.listen(LISTEN)
    woken, wakes = socket.socketpair()
    wakes.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # its tests end it
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()
    running: dict[int, socket.socket] = {}
    with selectors.DefaultSelector() as selector:
        for source in (sys.stdin, listening, woken):
            selector.register(source, selectors.EVENT_READ)
        while True:
            for key, _events in selector.select():
                if key.fileobj is sys.stdin:
                    for pid in running:
                        os.kill(pid, signal.SIGKILL)
                    return
                if key.fileobj is woken:
                    woken.recv(4096)
                    _report_ended(running)
                else:
                    connection, _address = listening.accept()
                    with connection.makefile("rb") as lines:
                        request = json.loads(lines.readline())
                    pid = os.fork()
                    if not pid:
                        selector.close()
                        _become(request, [listening, woken, wakes, connection, *running.values()])
                    running[pid] = connection
                    connection.sendall(b"%d\n" % pid)


def _report_ended(running: dict[int, socket.socket]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with running.pop(pid) as connection:
            connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _become(request: dict[str, Any], sockets: list[socket.socket]) -> NoReturn:
    """Turn the child into the program that was asked for; never return."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for each in sockets:
            each.close()
        log = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(old, new)
        os.closerange(3, max(log, nothing) + 1)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        random.seed()
        module, *words = request["words"]
        sys.argv[:] = [module, *words]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # noqa: BLE001 - the end of a program
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
