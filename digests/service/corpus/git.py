"""Runs git on a clone that other people may push to: few settings, few variables, limited time and size."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from digests import environment
from digests.errors import CorpusUnavailable
from digests.i18n import _

GIT_TIMEOUT_S = 120.0
GIT_LOCAL_TIMEOUT_S = 30.0
KILLED_TIMEOUT_S = 5.0
MAX_PACK_BYTES = 4 * 1024**3
"""Largest file that git may write, whether fetched or checked out."""
MAX_OUTPUT_BYTES = 1024 * 1024

_SETTINGS: Final = (
    "safe.bareRepository=explicit",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    "core.attributesFile=/dev/null",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "diff.external=",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.writeCommitGraph=false",
    "transfer.bundleURI=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
    "protocol.allow=never",
    "protocol.ext.allow=never",
    "protocol.http.allow=always",
    "protocol.https.allow=always",
    "protocol.ssh.allow=always",
    "protocol.git.allow=always",
)
# Variables that an operator sets for git: to reach a remote through a proxy, with a key or a custom certificate.
_OPERATORS: Final = frozenset(
    {
        *("XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "SSH_AUTH_SOCK", "SSH_AGENT_PID", "DBUS_SESSION_BUS_ADDRESS"),
        *("KRB5CCNAME", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_ASKPASS", "GIT_EXEC_PATH"),
        *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT"),
        *("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_CERT", "GIT_SSL_KEY", "GIT_SSL_NO_VERIFY"),
        *("CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    }
)
_OPERATORS_PREFIXES: Final = ("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_PROXY_")


class GitFailed(CorpusUnavailable):
    """git failed; `errors` is its output."""

    def __init__(self, message: str, errors: str) -> None:
        super().__init__(message)
        self.errors = errors


async def run_git(
    folder: Path,
    options: tuple[str, ...],
    *arguments: str,
    seconds: float | None = None,
    consume: Callable[[bytes], None] | None = None,
    has_ssh_command: bool = False,
    ceiling: Path | None = None,
    inherited_files: tuple[int, ...] = (),
    max_bytes: int | None = None,
) -> str:
    """Run git and return its output.

    Args:
        folder: The corpus folder, for messages.
        options: Options before the command.
        arguments: The command and its arguments.
        seconds: Time limit; None uses the one for local work.
        consume: Receives the output as it comes; then nothing is returned.
        has_ssh_command: The configuration sets one, which ours must not override.
        ceiling: git does not search for a repository in this folder or above.
        held: File descriptors that git keeps open while it runs.
        max_bytes: Largest file that it may write; None means `MAX_PACK_BYTES`.
    """
    max_bytes = MAX_PACK_BYTES if max_bytes is None else max_bytes
    seconds = GIT_LOCAL_TIMEOUT_S if seconds is None else seconds
    settings = (part for setting in _SETTINGS for part in ("-c", setting))
    # A shell, as the limit has to be set before git runs; POSIX counts in blocks of 512 bytes.
    limited = ("sh", "-c", f'ulimit -f {max_bytes // 512} 2>/dev/null; exec "$@"', "sh", "git")
    process = await asyncio.create_subprocess_exec(
        *limited,
        *settings,
        *options,
        *arguments,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=_environment(os.environ, has_ssh_command=has_ssh_command, ceiling=ceiling),
        start_new_session=True,
        pass_fds=inherited_files,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    kept = bytearray()
    try:
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            errors = group.create_task(_beginning(process.stderr))
            while data := await process.stdout.read(65536):
                if consume is not None:
                    consume(data)
                elif len(kept) < MAX_OUTPUT_BYTES:
                    kept += data
            await errors
            await process.wait()
    except BaseException as error:
        await _end(process)
        if isinstance(error, TimeoutError):
            raise CorpusUnavailable(
                _("git {command} in {folder} took longer than {seconds:.0f} seconds and was stopped.").format(
                    command=arguments[0], folder=folder, seconds=seconds
                )
            ) from error
        if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
            raise error.exceptions[0] from error
        raise
    if process.returncode != 0:
        said = errors.result().decode("utf-8", "replace")
        raise GitFailed(_failure(folder, arguments[0], process.returncode, said, max_bytes), said)
    return kept.decode("utf-8", "surrogateescape")


async def _end(process: asyncio.subprocess.Process) -> None:
    """Terminate git, which then removes its locks, and kill it if it does not end."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.communicate(), KILLED_TIMEOUT_S)
            return
    process._transport.close()  # type: ignore[attr-defined] # a process that left the group may hold the pipes


def _environment(own: Mapping[str, str], *, has_ssh_command: bool, ceiling: Path | None) -> dict[str, str]:
    made = environment.minimal(own, also=_OPERATORS, prefixes=_OPERATORS_PREFIXES)
    made |= {"GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS": "true", "LC_ALL": "C", "GIT_NO_REPLACE_OBJECTS": "1"}
    if not has_ssh_command and not {"GIT_SSH", "GIT_SSH_COMMAND"} & made.keys():
        made["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes"
    if ceiling is not None:
        made["GIT_CEILING_DIRECTORIES"] = str(ceiling)
    return made


async def _beginning(stream: asyncio.StreamReader) -> bytes:
    """Read a stream to its end but keep only the beginning: a remote may send output without end."""
    kept = bytearray()
    while data := await stream.read(65536):
        if len(kept) < 65536:
            kept += data
    return bytes(kept)


def _failure(folder: Path, command: str, code: int | None, errors: str, max_bytes: int) -> str:
    if code == 127:
        return _("git is not installed, but corpus.git asks for it.")
    if code in {-signal.SIGXFSZ, 128 + signal.SIGXFSZ} or "died of signal 25" in errors:
        return _("git {command} in {folder} would have written a file of more than {size} MiB and was stopped.").format(
            command=command, folder=folder, size=f"{max_bytes // 1024**2:,}"
        )
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    detail = without_secrets(lines[0] if lines else "?")[:300]
    return _("git {command} failed in {folder}: {detail}").format(command=command, folder=folder, detail=detail)


def without_secrets(text: str) -> str:
    """Remove user names and passwords from URLs in a message of git."""
    return re.sub(r"(?<=://)[^/\s@]+@", "", text)
