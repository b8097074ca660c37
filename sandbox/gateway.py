"""The websocket side: sessions, heartbeats, events by intent and shard, resuming, and ways to break it."""

import asyncio
import contextlib
import json
import secrets
import zlib
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.entities import Payload
from sandbox.wire import dump
from sandbox.world import GUILDS, MESSAGE_CONTENT, PRIVILEGED, World

DISPATCH: Final = 0
HEARTBEAT: Final = 1
IDENTIFY: Final = 2
PRESENCE: Final = 3
VOICE_STATE: Final = 4
RESUME: Final = 6
RECONNECT: Final = 7
REQUEST_MEMBERS: Final = 8
INVALID_SESSION: Final = 9
HELLO: Final = 10
HEARTBEAT_ACK: Final = 11

# A client may send 120 payloads a minute of at most 4096 bytes (docs, events/gateway).
MAX_PAYLOAD_BYTES: Final = 4096
MAX_SENDS: Final = 120
SENDS_WINDOW_S: Final = 60.0
BUFFER_EVENTS: Final = 5000


class Connection:
    """One open websocket; what is sent is queued and written by one task, in order."""

    def __init__(self, socket: web.WebSocketResponse, *, compress: bool) -> None:
        self.socket = socket
        self._deflate = zlib.compressobj() if compress else None
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self.close_code: int | None = None
        self.transport: asyncio.Transport | None = None

    def send(self, text: str) -> None:
        """Queue a payload."""
        self._queue.put_nowait(text)

    def close(self, code: int) -> None:
        """Close with a code after what is queued."""
        self.close_code = code
        self._queue.put_nowait(None)

    def cut(self) -> None:
        """Cut the connection without a close frame."""
        if self.transport is not None:
            self.transport.abort()

    async def write(self) -> None:
        """Send queued payloads until the connection closes."""
        with contextlib.suppress(ConnectionError):
            while True:
                text = await self._queue.get()
                if text is None:
                    await self.socket.close(code=self.close_code or WSCloseCode.OK)
                    return
                if self._deflate is None:
                    await self.socket.send_str(text)
                else:
                    packed = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(packed)


class Session:
    """A client's session; it outlives its connection for a while so that it can be resumed."""

    def __init__(self, intents: int, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.seq = 0
        self.buffer: deque[tuple[int, str]] = deque(maxlen=BUFFER_EVENTS)
        self.connection: Connection | None = None
        self.resumable = True

    def wants(self, intents: int, guild_id: int | None) -> bool:
        """Check whether an event is for this session."""
        if intents and not self.intents & intents:
            return False
        number, count = self.shard
        return count == 1 or ((guild_id or 0) >> 22) % count == number

    def send(self, name: str, body: str) -> None:
        """Send an event, or keep it until the client comes back."""
        self.seq += 1
        text = f'{{"op":0,"t":"{name}","s":{self.seq},"d":{body}}}'
        self.buffer.append((self.seq, text))
        if self.connection is not None:
            self.connection.send(text)


class Gateway:
    """Accepts connections and sends each session the events it asked for.

    Args:
        world: The state of the stand-in.
        token: The only accepted token.
        url: Tells the address to resume at.
        privileged: The privileged intents this app was granted.
        heartbeat_s: How often a client must send a heartbeat.
    """

    def __init__(
        self, world: World, token: str, url: Callable[[], str], *, privileged: int, heartbeat_s: float
    ) -> None:
        self._world = world
        self._token = token
        self._url = url
        self._privileged = privileged
        self._heartbeat_s = heartbeat_s
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self.identify_count = 0
        self.resume_count = 0
        world.dispatch = self.dispatch

    @property
    def sessions(self) -> list[Session]:
        """The sessions with an open connection."""
        return [session for session in self._sessions.values() if session.connection is not None]

    def dispatch(
        self, name: str, build: Callable[[int], Payload], *, intents: int = 0, guild_id: int | None = None
    ) -> None:
        """Send an event to every session that wants it."""
        bodies: dict[int, str] = {}
        for session in self._sessions.values():
            if session.wants(intents, guild_id):
                content = session.intents & MESSAGE_CONTENT
                if content not in bodies:
                    bodies[content] = dump(build(session.intents))
                session.send(name, bodies[content])

    # Ways to break it

    def drop(self, *, resumable: bool = True) -> None:
        """Cut all connections without a close frame; unless resumable, sessions are refused when they come back."""
        for session in self.sessions:
            session.resumable = resumable
        for connection in list(self._connections):
            connection.cut()

    def ask_to_reconnect(self) -> None:
        """Tell every client to reconnect and resume (op 7)."""
        for session in self.sessions:
            if session.connection is not None:
                session.connection.send('{"op":7,"d":null,"s":null,"t":null}')

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is invalid (op 9)."""
        for session in self.sessions:
            session.resumable = resumable
            if session.connection is not None:
                session.connection.send(dump({"op": INVALID_SESSION, "d": resumable, "s": None, "t": None}))

    def close(self, code: int) -> None:
        """Close every connection with a code of Discord's."""
        for connection in list(self._connections):
            connection.close(code)

    # One connection

    async def serve(self, request: web.BaseRequest) -> web.WebSocketResponse:
        """Serve a websocket until it closes."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, compress=request.query.get("compress") == "zlib-stream")
        connection.transport = request.transport
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        connection.send(
            dump({"op": HELLO, "d": {"heartbeat_interval": int(self._heartbeat_s * 1000)}, "s": None, "t": None})
        )
        session: Session | None = None
        sent: deque[float] = deque()
        loop = asyncio.get_running_loop()
        try:
            async for frame in socket:
                if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    break
                if len(frame.data) > MAX_PAYLOAD_BYTES:
                    connection.close(4002)
                    continue
                now = loop.time()
                while sent and sent[0] < now - SENDS_WINDOW_S:
                    sent.popleft()
                sent.append(now)
                if len(sent) > MAX_SENDS:
                    connection.close(4008)
                    continue
                try:
                    payload = json.loads(frame.data)
                    op = payload["op"]
                except (ValueError, KeyError, TypeError):
                    connection.close(4002)
                    continue
                session = self._receive(connection, session, op, payload.get("d"))
        finally:
            self._connections.discard(connection)
            if session is not None and session.connection is connection:
                session.connection = None
                # aiohttp reports 1000 for each closing that began here, whatever the code that was sent.
                code = connection.close_code or socket.close_code
                if code in (1000, 1001):
                    self._sessions.pop(session.id, None)
                self._world.publish("gateway", "disconnected")
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return socket

    def _receive(self, connection: Connection, session: Session | None, op: int, data: Any) -> Session | None:
        if op == HEARTBEAT:
            connection.send('{"op":11,"d":null,"s":null,"t":null}')
        elif op == IDENTIFY:
            if session is not None:
                connection.close(4005)
                return session
            return self._identify(connection, data)
        elif op == RESUME:
            return self._resume(connection, data)
        elif session is None:
            connection.close(4003)
        elif op == REQUEST_MEMBERS:
            self._send_members(session, data)
        elif op not in (PRESENCE, VOICE_STATE):
            connection.close(4001)
        return session

    def _identify(self, connection: Connection, data: Any) -> Session | None:
        if not isinstance(data, dict) or not isinstance(data.get("properties"), dict):
            connection.close(4002)
            return None
        if data.get("token") != self._token:
            connection.close(4004)
            return None
        intents = data.get("intents")
        if isinstance(intents, bool) or not isinstance(intents, int) or intents < 0:
            connection.close(4013)
            return None
        if intents & PRIVILEGED & ~self._privileged:
            connection.close(4014)
            return None
        shard = data.get("shard") or [0, 1]
        if not (isinstance(shard, list) and len(shard) == 2 and 0 <= shard[0] < shard[1]):
            connection.close(4010)
            return None
        session = Session(intents, (shard[0], shard[1]))
        session.connection = connection
        self._sessions[session.id] = session
        self.identify_count += 1
        world = self._world
        guilds = [
            guild
            for guild in world.guilds.values()
            if guild.present and not guild.deleted and session.wants(0, guild.id)
        ]
        ready = {
            "v": 10,
            "user": world.bot.payload() | {"verified": True, "email": None, "mfa_enabled": True},
            "user_settings": {},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "private_channels": [],
            "relationships": [],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._url(),
            "shard": list(session.shard),
            "application": {"id": str(world.bot.id), "flags": 0},
        }
        session.send("READY", dump(ready))
        if intents & GUILDS:
            for guild in guilds:
                if guild.available:
                    session.send("GUILD_CREATE", dump(guild.create_payload(world.bot)))
        world.publish("gateway", "ready")
        return session

    def _resume(self, connection: Connection, data: Any) -> Session | None:
        if not isinstance(data, dict):
            connection.close(4002)
            return None
        if data.get("token") != self._token:
            connection.close(4004)
            return None
        session = self._sessions.get(str(data.get("session_id")))
        seq = data.get("seq")
        if (
            session is None
            or not session.resumable
            or not isinstance(seq, int)
            or not 0 <= seq <= session.seq
            or (session.buffer and seq < session.buffer[0][0] - 1)
        ):
            if session is not None:
                self._sessions.pop(session.id, None)
            connection.send('{"op":9,"d":false,"s":null,"t":null}')
            return None
        if session.connection is not None:
            session.connection.close(4000)
        for number, text in session.buffer:
            if number > seq:
                connection.send(text)
        session.connection = connection
        session.send("RESUMED", "{}")
        self.resume_count += 1
        self._world.publish("gateway", "resumed")
        return session

    def _send_members(self, session: Session, data: Any) -> None:
        try:
            guild = self._world.guilds[int(data["guild_id"])]
        except (KeyError, TypeError, ValueError):
            return
        wanted = {int(user_id) for user_id in data.get("user_ids") or ()}
        prefix = str(data.get("query") or "").casefold()
        members = [
            member.payload()
            for member in guild.members.values()
            if (member.user.id in wanted if wanted else member.name.casefold().startswith(prefix))
        ]
        body = {"guild_id": str(guild.id), "members": members, "chunk_index": 0, "chunk_count": 1, "presences": []}
        if data.get("nonce"):
            body["nonce"] = data["nonce"]
        session.send("GUILD_MEMBERS_CHUNK", dump(body))
