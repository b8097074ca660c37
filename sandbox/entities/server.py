"""A server, its members and channels, and their messages; in one module, as each refers to the others."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.clock import created_at, iso
from sandbox.entities.accounts import Overwrite, Payload, Role, User
from sandbox.entities.channel_kinds import DM, POSTS, STAGE, THREADS, VOICE, Tag
from sandbox.entities.message_parts import CROSSPOSTED, EPHEMERAL, LOADING, NOBODY, Pinged, walk


@dataclass(slots=True, eq=False, repr=False)
class Member:
    """A user in a guild."""

    guild: "Guild"
    user: User
    joined_s: float
    role_ids: list[int] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<Member {self.user.name} of {self.guild.name}>"

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The user's name."""
        return self.user.name

    def payload(self) -> Payload:
        """Return the member as Discord writes it, the user included."""
        return {
            "user": self.user.payload(),
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": [str(role_id) for role_id in self.role_ids],
            "joined_at": iso(self.joined_s),
            "premium_since": None,
            "communication_disabled_until": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
        }


@dataclass(slots=True, eq=False, repr=False)
class Message:
    """A message; `components` carry their numeric ids, `revisions` hold (content, components) before each edit."""

    id: int
    channel: "Channel"
    author: User
    content: str = ""
    components: list[Payload] = field(default_factory=list)
    embeds: list[Payload] = field(default_factory=list)
    attachments: list[Payload] = field(default_factory=list)
    flags: int = 0
    kind: int = 0
    nonce: str | int | None = None
    pinged: Pinged = NOBODY
    edited_s: float | None = None
    deleted: bool = False
    asker: User | None = None
    interaction: Payload | None = None
    reference: Payload | None = None
    revisions: list[tuple[str, list[Payload]]] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<Message {self.id} in {self.channel.name}: {self.text[:200]!r}>"

    @property
    def channel_id(self) -> int:
        """The channel's id."""
        return self.channel.id

    @property
    def created_at(self) -> datetime:
        """When it was sent."""
        return created_at(self.id)

    @property
    def ephemeral(self) -> bool:
        """Whether only its asker sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says that the app is thinking."""
        return bool(self.flags & LOADING)

    @property
    def published(self) -> bool:
        """Whether it went out to the followers of its announcement channel."""
        return bool(self.flags & CROSSPOSTED)

    @property
    def text(self) -> str:
        """All text a reader sees, a line for each text display, content, embed title, description and field."""
        lines = [self.content] if self.content else []
        for embed in self.embeds:
            lines += [embed[key] for key in ("title", "description") if embed.get(key)]
            for entry in embed.get("fields") or ():
                lines += [entry["name"], entry["value"]]
        lines += [component["content"] for component in self.walk() if component["type"] == 10]
        return "\n".join(lines)

    def walk(self) -> Iterator[Payload]:
        """Yield every component, each before what it holds."""
        return walk(self.components)

    def find(self, *, custom_id: str | None = None, label: str | None = None) -> Payload | None:
        """Return the first component with that custom id or label."""
        for component in self.walk():
            if custom_id is not None and component.get("custom_id") == custom_id:
                return component
            if label is not None and component.get("label") == label:
                return component
        return None

    @property
    def buttons(self) -> list[Payload]:
        """Its buttons in order."""
        return [component for component in self.walk() if component["type"] == 2]

    @property
    def selects(self) -> list[Payload]:
        """Its select menus in order."""
        return [component for component in self.walk() if component["type"] in (3, 5, 6, 7, 8)]

    def payload(self) -> Payload:
        """Return the message as Discord writes it in history: without its nonce."""
        pinged = self.pinged
        guild = self.channel.guild
        body: Payload = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": self.kind,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": iso(created_at(self.id).timestamp()),
            "edited_timestamp": None if self.edited_s is None else iso(self.edited_s),
            "tts": False,
            "mention_everyone": pinged.everyone,
            "mentions": [
                guild.members[user_id].user.payload() for user_id in sorted(pinged.users) if user_id in guild.members
            ]
            if guild is not None and pinged.users
            else [],
            "mention_roles": [str(role_id) for role_id in sorted(pinged.roles)],
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "flags": self.flags,
            "pinned": False,
        }
        if self.interaction is not None:
            body["interaction_metadata"] = self.interaction
            body["webhook_id"] = body["application_id"] = str(self.author.id)
        if self.reference is not None:
            body["message_reference"] = self.reference
        return body


@dataclass(slots=True, eq=False, repr=False)
class Channel:
    """A channel of any kind, threads and direct messages included.

    `recipient` is the person of the bot's own direct messages; `between` are the people of a private channel that the
    bot is not in.
    """

    id: int
    kind: int
    name: str
    guild: "Guild | None" = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    flags: int = 0
    last_message_id: int | None = None
    recipient: User | None = None
    between: tuple[User, ...] = ()
    owner_id: int = 0
    archived: bool = False
    locked: bool = False
    archive_s: float = 0.0
    auto_archive_minutes: int = 1440
    total_sent: int = 0
    member_ids: set[int] = field(default_factory=set)
    applied_tags: list[int] = field(default_factory=list)
    deleted: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    private: dict[int, Message] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Channel {self.name} kind={self.kind} id={self.id}>"

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread, a forum post included."""
        return self.kind in THREADS

    @property
    def guild_id(self) -> int | None:
        """The guild's id, None in a direct message."""
        return None if self.guild is None else self.guild.id

    def add(self, message: Message) -> None:
        """Keep a message; one only its asker sees is kept apart from the history."""
        if message.flags & EPHEMERAL:
            self.private[message.id] = message
            return
        self.messages[message.id] = message
        self.order.append(message.id)
        self.last_message_id = message.id
        self.total_sent += 1

    def remove(self, message: Message) -> None:
        """Forget a message."""
        message.deleted = True
        if self.private.pop(message.id, None) is None and self.messages.pop(message.id, None) is not None:
            del self.order[bisect_left(self.order, message.id)]

    def permission_payload(self) -> list[Payload]:
        """Return the overwrites as Discord writes them."""
        return [overwrite.payload() for overwrite in self.overwrites.values()]

    def payload(self) -> Payload:
        """Return the channel as Discord writes it."""
        body: Payload = {
            "id": str(self.id),
            "type": self.kind,
            "flags": self.flags,
            "last_message_id": None if self.last_message_id is None else str(self.last_message_id),
        }
        if self.kind == DM:
            people = self.between if self.recipient is None else (self.recipient,)
            body["recipients"] = [person.payload() for person in people]
            return body
        body["guild_id"] = str(self.guild_id)
        body["name"] = self.name
        body["parent_id"] = None if self.parent_id is None else str(self.parent_id)
        body["rate_limit_per_user"] = 0
        if self.is_thread:
            body |= {
                "owner_id": str(self.owner_id),
                "message_count": len(self.order),
                "total_message_sent": self.total_sent,
                "member_count": len(self.member_ids),
                "thread_metadata": {
                    "archived": self.archived,
                    "locked": self.locked,
                    "auto_archive_duration": self.auto_archive_minutes,
                    "archive_timestamp": iso(self.archive_s),
                    "create_timestamp": iso(created_at(self.id).timestamp()),
                },
                "applied_tags": [str(tag) for tag in self.applied_tags],
            }
            return body
        body |= {
            "position": self.position,
            "permission_overwrites": self.permission_payload(),
            "nsfw": False,
            "topic": self.topic,
        }
        if self.kind in (VOICE, STAGE):
            body |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
        if self.kind in POSTS:
            body |= {
                "available_tags": [tag.payload() for tag in self.tags],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
            }
        return body


@dataclass(slots=True, eq=False, repr=False)
class Guild:
    """A server; `present` is false once the bot was removed from it, `deleted` once it was deleted."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)
    locale: str = "en-US"
    present: bool = True
    deleted: bool = False
    available: bool = True
    joined_s: float = 0.0
    system_channel_id: int | None = None

    def __repr__(self) -> str:
        return f"<Guild {self.name} id={self.id}>"

    def payload(self) -> Payload:
        """Return the guild as GET /guilds/{id} writes it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "banner": None,
            "description": None,
            "owner_id": str(self.owner_id),
            "region": "deprecated",
            "afk_channel_id": None,
            "afk_timeout": 300,
            "application_id": None,
            "system_channel_id": str(self.system_channel_id) if self.system_channel_id else None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "safety_alerts_channel_id": None,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw": False,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": self.locale,
            "features": [],
            "roles": [role.payload() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "vanity_url_code": None,
            "widget_enabled": False,
            "widget_channel_id": None,
            "max_members": 500000,
            "max_presences": None,
            "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50,
            "home_header": None,
            "hub_type": None,
            "incidents_data": None,
            "latest_onboarding_question_id": None,
        }

    def create_payload(self, bot: User) -> Payload:
        """Return the guild as GUILD_CREATE writes it: without the members intent, of the members only the bot."""
        return self.payload() | {
            "joined_at": iso(self.joined_s),
            "large": len(self.members) > 250,
            "unavailable": False,
            "member_count": len(self.members),
            "members": [self.members[bot.id].payload()] if bot.id in self.members else [],
            "channels": [channel.payload() for channel in self.channels.values()],
            "threads": [thread.payload() for thread in self.threads.values() if not thread.archived],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
