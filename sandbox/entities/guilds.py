"""Servers with everything in them."""

from dataclasses import dataclass, field

from sandbox.clock import iso
from sandbox.entities.channels import Channel
from sandbox.entities.people import Member, Payload, Role, User


@dataclass(slots=True, eq=False, repr=False)
class Guild:
    """A server; `present` is false once the bot was removed from it, `deleted` once it is gone for everybody."""

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
