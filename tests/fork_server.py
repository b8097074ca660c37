"""Processes of ours without the CPU that each start takes to import everything: a second for a bot, half for a reader.

One process imports what they need and forks for each start; the child calls one function with its own standard streams.
It is killed, waited for and limited like any other process. Nothing of one reaches the next: the process that forks
runs none of them itself.
"""

from __future__ import annotations

import asyncio
import atexit
import fcntl
import gc
import json
import os
import random
import selectors
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

LISTEN: Final = 64
MOST_STREAMS: Final = 8


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

    def kill(self) -> None:
        """Kill it, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def _wait(self, ending: asyncio.StreamReader) -> int:
        try:
            line = await ending.readline()
            assert line, "the process that forks has died"
            self.returncode = int(line)
        finally:
            self._connection.close()
        return self.returncode


async def fork(imported: Sequence[str], function: str, arguments: Sequence[Any], streams: Sequence[int]) -> Forked:
    """Call a function in a forked process.

    Args:
        imported: The modules that the process which forks has imported before, or imports now.
        function: `module:name`.
        arguments: Plain values.
        streams: Descriptors that the child has as 0, 1, 2 and so on; those of this process stay open.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(_server(tuple(imported)))
    request = json.dumps({"function": function, "arguments": arguments}).encode() + b"\n"
    sent = socket.send_fds(connection, [request], list(streams))
    connection.sendall(request[sent:])
    ending, writing = await asyncio.open_unix_connection(sock=connection)
    return Forked(int(await ending.readline()), ending, writing)


@cache
def _server(imported: tuple[str, ...]) -> str:
    """Start the process that forks, once a process of tests; return its address. It ends with the tests."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, *imported],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    atexit.register(process.communicate)  # the end of its input is what ends it
    assert process.stdout is not None
    return "\0" + process.stdout.readline().decode().strip()


def main() -> None:
    """Import what is asked for, then fork for each connection until standard input ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop
        for name in sys.argv[1:]:
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
                    received, streams, *_ignored = socket.recv_fds(connection, 65536, MOST_STREAMS)
                    while not received.endswith(b"\n"):
                        received += connection.recv(65536)
                    pid = os.fork()
                    if not pid:
                        selector.close()
                        _become(json.loads(received), streams, [listening, woken, wakes, connection, *running.values()])
                    for stream in streams:
                        os.close(stream)
                    running[pid] = connection
                    with suppress(OSError):
                        connection.sendall(b"%d\n" % pid)


def _report_ended(running: dict[int, socket.socket]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        # Whoever asked for it may be gone, and the others still need this process.
        with running.pop(pid) as connection, suppress(OSError):
            connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _become(request: dict[str, Any], streams: Sequence[int], sockets: list[socket.socket]) -> NoReturn:
    """Turn the child into what was asked for; never return."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for each in sockets:
            each.close()
        # Out of the way first: one may have the number that another is to get.
        moved = [fcntl.fcntl(stream, fcntl.F_DUPFD, MOST_STREAMS + len(streams)) for stream in streams]
        for number, stream in enumerate(moved):
            os.dup2(stream, number)
        os.closerange(len(streams), max(*moved, *streams) + 1)
        random.seed()
        module, name = request["function"].split(":")
        getattr(import_module(module), name)(*request["arguments"])
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
