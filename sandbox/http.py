"""The HTTP server: finds the route, checks the token, applies faults and limits, answers, keeps the log."""

import asyncio
import json
import socket
import struct
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import hdrs, web

from sandbox.api import commands, guilds_and_users, interactions, messages, threads
from sandbox.api.call import Answer, Call, Route, Routes
from sandbox.errors import ApiError, refusal
from sandbox.faults import Fault, FaultKind, Faults
from sandbox.gateway import Gateway
from sandbox.limits import Decision, Limits
from sandbox.same_machine import refusal as refusal_of_origin
from sandbox.wire import dump
from sandbox.world import World

API: Final = "/api/v10"
GATEWAY: Final = "/gateway"
MAX_BODY_BYTES: Final = 25 * 1024 * 1024
LOST: Final = 0

Recorder = Callable[["Request"], None]
Page = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(slots=True, eq=False)
class Request:
    """A logged request; status 0 means that the client got no answer."""

    method: str
    route: str
    path: str
    body: Any
    status: int
    started_s: float
    seconds: float
    code: int = 0


class Server:
    """Serves REST and gateway on one loopback port.

    Args:
        world: The state of the stand-in.
        token: The accepted bot token.
        faults: Faults to inject.
        limits: Rate limits, None for none.
        log_size: How many requests the log keeps.
        ack_window_s: How long the first answer to an interaction may take.
    """

    def __init__(
        self, world: World, token: str, faults: Faults, limits: Limits | None, *, log_size: int, ack_window_s: float
    ) -> None:
        self._world = world
        self._authorization = f"Bot {token}"
        self._faults = faults
        self.limits = limits
        self._ack_window_s = ack_window_s
        self.requests: deque[Request] = deque(maxlen=log_size)
        self.request_count = 0
        self.recorders: list[Recorder] = []
        self.pages: list[tuple[str, Page]] = []
        self.gateway: Gateway | None = None
        self.port = 0
        self._listener: asyncio.Server | None = None
        self._web: web.Server | None = None
        self._routes = Routes(
            [
                *messages.ROUTES,
                *threads.ROUTES,
                *guilds_and_users.ROUTES,
                *commands.ROUTES,
                *interactions.ROUTES,
                Route("GET", "/gateway", self._gateway_url, needs_token=False),
                Route("GET", "/gateway/bot", self._gateway_bot),
            ]
        )

    @property
    def base_url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def gateway_url(self) -> str:
        """The address of the gateway."""
        return f"ws://127.0.0.1:{self.port}{GATEWAY}"

    async def listen(self, port: int) -> None:
        """Start listening; port 0 picks a free one."""
        self._web = web.Server(self._handle, access_log=None, lingering_time=0)
        self._listener = await asyncio.get_running_loop().create_server(
            self._web, "127.0.0.1", port, reuse_address=True, backlog=1024
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and abort every connection."""
        if self._listener is None or self._web is None:
            return
        self._listener.close()
        for connection in self._web.connections:
            if connection.transport is not None:
                connection.transport.abort()
        await self._web.shutdown(0.1)  # aiohttp takes 0 for no limit
        self._listener = self._web = None

    def _gateway_url(self, _: Call) -> Answer:
        return 200, {"url": self.gateway_url}

    def _gateway_bot(self, _: Call) -> Answer:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
        return 200, {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(API + "/") or path.rstrip("/") == GATEWAY:
            reason = refusal_of_origin(request, self.port)
            if reason is not None:
                return _json(403, {"message": reason, "code": 0})
        if path.startswith(API + "/"):
            return await self._answer(request, path[len(API) :])
        if path.rstrip("/") == GATEWAY and self.gateway is not None:
            return await self.gateway.serve(request)
        for prefix, page in self.pages:
            if path.startswith(prefix):
                return await page(request)
        return _json(404, {"message": "404: Not Found", "code": 0})

    async def _answer(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        started = time.monotonic()
        method = request.method
        route, params, exists = self._routes.find(method, path)
        body: Any = None
        files: frozenset[str] = frozenset()
        name = f"{method} {path}" if route is None else route.name
        fault = self._faults.next(name)
        if fault is not None and fault.kind is FaultKind.REFUSE:
            self._log(Request(method, name, path, None, LOST, started, 0.0))
            return _reset(request)
        if fault is not None and fault.kind is FaultKind.DELAY:
            await self._faults.late(fault)
        decision = Decision()
        try:
            if request.can_read_body:
                body, files = await _read(request)
            if route is None:
                raise ApiError(405, 0, "405: Method Not Allowed") if exists else ApiError(404, 0, "404: Not Found")
            if route.needs_token and request.headers.get(hdrs.AUTHORIZATION) != self._authorization:
                raise ApiError(401, 0, "401: Unauthorized")
            if self.limits is not None:
                major = params[1] if route.exempt and len(params) > 1 else params[0] if params else ""
                decision = self.limits.check(name, major, exempt=route.exempt)
            if fault is not None and fault.kind is FaultKind.LIMIT:
                decision = Decision(retry_after_s=fault.retry_after_s, is_global=fault.is_global)
            status, payload, code = self._carry_out(route, params, request, body, files, fault, decision)
        except ApiError as error:
            status, payload, code = error.status, error.payload(), error.code
        headers = decision.headers
        if status == 429:
            headers = headers | _limit_headers(decision)
        if self.limits is not None and status in (401, 403, 429):
            self.limits.note_refusal()
        lost = fault is not None and fault.kind is FaultKind.LOSE_ANSWER
        self._log(
            Request(method, name, path, body, LOST if lost else status, started, time.monotonic() - started, code)
        )
        if lost:
            return _hang_up(request)
        if decision.banned:
            return web.Response(status=429, text="error code: 1015")
        if fault is not None and fault.page:
            return web.Response(status=status, text="<html>Access denied</html>", content_type="text/html")
        return _json(status, payload, headers)

    def _carry_out(
        self,
        route: Route,
        params: list[str],
        request: web.BaseRequest,
        body: Any,
        files: frozenset[str],
        fault: Fault | None,
        decision: Decision,
    ) -> tuple[int, Any, int]:
        if fault is not None and fault.kind is FaultKind.FAIL:
            return fault.status, _error_of(fault), fault.code
        if decision.retry_after_s is not None:
            limited = {
                "message": "You are being rate limited.",
                "retry_after": decision.retry_after_s,
                "global": decision.is_global,
            }
            return 429, limited, 0
        call = Call(self._world, params, request.query if request.query_string else {}, body, files, self._ack_window_s)
        status, payload = route.handler(call)
        if fault is not None and fault.kind is FaultKind.FAIL_AFTER:
            return fault.status, _error_of(fault), fault.code
        return status, payload, 0

    def _log(self, request: Request) -> None:
        self.requests.append(request)
        self.request_count += 1
        for recorder in self.recorders:
            recorder(request)


async def _read(request: web.BaseRequest) -> tuple[Any, frozenset[str]]:
    """Read a JSON body, or the JSON part and the file names of a multipart one."""
    if request.content_type.startswith("multipart/"):
        names: list[str] = []
        value: Any = None
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            content = await part.read()  # type: ignore[union-attr]
            if getattr(part, "name", None) == "payload_json":
                value = _parse(bytes(content))
            elif getattr(part, "filename", None):
                names.append(str(part.filename))  # type: ignore[union-attr]
        return value, frozenset(names)
    content = await request.read()
    if not content:
        return None, frozenset()
    if request.content_type != "application/json":
        raise ApiError(
            400,
            50035,
            "Invalid Form Body",
            {"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": "Expected JSON."}]},
        )
    return _parse(content), frozenset()


def _error_of(fault: Fault) -> dict[str, Any]:
    return {"message": f"{fault.status}: Server Error", "code": fault.code}


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        raise refusal(50109) from None


def _json(status: int, payload: Any, headers: dict[str, str] | None = None) -> web.Response:
    if status == 204:
        return web.Response(status=204, headers=headers)
    # Without charset: discord.py takes only exactly this content type for JSON.
    return web.Response(
        status=status, body=dump(payload).encode(), content_type="application/json", headers=headers or None
    )


def _limit_headers(decision: Decision) -> dict[str, str]:
    if decision.banned:
        return {}
    headers = {
        "Retry-After": str(int(decision.retry_after_s or 0) + 1),
        "Via": "1.1 google",
        "X-RateLimit-Scope": "global" if decision.is_global else "user",
    }
    if decision.is_global:
        headers["X-RateLimit-Global"] = "true"
    return headers


def _reset(request: web.BaseRequest) -> web.Response:
    """Reset the connection, so that the client sees an error rather than an orderly end."""
    if request.transport is not None:
        sock = request.transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response(status=500)


def _hang_up(request: web.BaseRequest) -> web.Response:
    """Close the connection without a response."""
    if request.transport is not None:
        request.transport.close()
    return web.Response(status=500)
