"""What the bot asks about itself, people, servers and channels."""

from typing import Final

from sandbox import permissions
from sandbox.api import threads
from sandbox.api.call import NO_CONTENT, Answer, Call, Route
from sandbox.entities import User
from sandbox.errors import Problems, refusal
from sandbox.validation import fields
from sandbox.world import INSTALL_KINDS


def me(call: Call) -> Answer:
    """Return the bot's own account."""
    return 200, call.world.bot.payload() | {"verified": True, "mfa_enabled": True, "email": None, "locale": "en-US"}


def application(call: Call) -> Answer:
    """Return the application the bot belongs to."""
    world = call.world
    return 200, {
        "id": str(world.bot.id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "bot": world.bot.payload(),
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "hook": True,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": world.owner.payload(),
        "approximate_guild_count": sum(guild.present for guild in world.guilds.values()),
        "approximate_user_install_count": len(world.user_installs),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
        "install_params": {"scopes": ["bot", "applications.commands"], "permissions": "0"},
        "integration_types_config": {str(kind): {} for kind in INSTALL_KINDS},
        "tags": [],
    }


def user(call: Call) -> Answer:
    """Return an account."""
    return 200, _user(call, call.id(0)).payload()


def _user(call: Call, user_id: int) -> User:
    found = call.world.users.get(user_id)
    if found is None:
        raise refusal(10013)
    return found


def open_dm(call: Call) -> Answer:
    """Open the direct messages with a person; closed ones show only when something is sent."""
    problems = Problems()
    body = call.fields()
    recipient_id = fields.snowflake(problems, ("recipient_id",), body.get("recipient_id"))
    problems.check()
    recipient = call.world.users.get(recipient_id or 0)
    if recipient is None or recipient.bot:
        raise refusal(50033)
    return 200, call.world.dm(recipient).payload()


def my_guilds(call: Call) -> Answer:
    """List the servers the bot is in."""
    world = call.world
    return 200, [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(permissions.in_guild(guild, guild.members[world.bot.id])),
            "features": [],
        }
        for guild in world.guilds.values()
        if guild.present
    ]


def leave_guild(call: Call) -> Answer:
    """Leave a server."""
    world = call.world
    guild = world.guild(call.id(0))
    guild.present = False
    guild.members.pop(world.bot.id, None)
    world.dispatch_guild("GUILD_DELETE", guild, {"id": str(guild.id)})
    return NO_CONTENT


def guild(call: Call) -> Answer:
    """Return a server."""
    found = call.world.guild(call.id(0))
    body = found.payload()
    if call.query.get("with_counts") in ("1", "true"):
        body |= {"approximate_member_count": len(found.members), "approximate_presence_count": 1}
    return 200, body


def guild_channels(call: Call) -> Answer:
    """List a server's channels, threads left out."""
    return 200, [channel.payload() for channel in call.world.guild(call.id(0)).channels.values()]


def roles(call: Call) -> Answer:
    """List a server's roles."""
    return 200, [role.payload() for role in call.world.guild(call.id(0)).roles.values()]


def role(call: Call) -> Answer:
    """Return a role."""
    found = call.world.guild(call.id(0)).roles.get(call.id(1))
    if found is None:
        raise refusal(10011)
    return 200, found.payload()


def member(call: Call) -> Answer:
    """Return a member."""
    found = call.world.guild(call.id(0)).members.get(call.id(1))
    if found is None:
        raise refusal(10007)
    return 200, found.payload()


def channel(call: Call) -> Answer:
    """Return a channel."""
    return 200, call.world.channel(call.id(0)).payload()


def edit_channel(call: Call) -> Answer:
    """Change a thread, or a channel's name and topic."""
    world = call.world
    found = world.channel(call.id(0))
    body = call.fields()
    if found.is_thread:
        threads.change(world, found, body)
        return 200, found.payload()
    problems = Problems()
    name = fields.text(problems, (), body, "name", 1, 100)
    topic = fields.text(problems, (), body, "topic", 0, 4096 if found.tags else 1024)
    problems.check()
    if not world.bot_permissions(found) & permissions.MANAGE_CHANNELS:
        raise refusal(50013)
    found.name = name or found.name
    found.topic = topic if "topic" in body else found.topic
    world.dispatch_channel("CHANNEL_UPDATE", found)
    return 200, found.payload()


ROUTES: Final = [
    Route("GET", "/users/@me", me),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
    Route("GET", "/users/{user_id}", user),
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    Route("GET", "/guilds/{guild_id}", guild),
    Route("GET", "/guilds/{guild_id}/channels", guild_channels),
    Route("GET", "/guilds/{guild_id}/roles", roles),
    Route("GET", "/guilds/{guild_id}/roles/{role_id}", role),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", member),
    Route("GET", "/channels/{channel_id}", channel),
    Route("PATCH", "/channels/{channel_id}", edit_channel),
]
