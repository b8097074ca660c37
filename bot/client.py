"""The connection to Discord: fewest intents and caches, one login, events passed on. Knows nothing about news."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.errors import LOST, UNREADABLE, LateAnswers, NotDiscord, Reconnects, answer_error
from bot.gateway_socket import GatewaySocket
from bot.interactions.cooldowns import Cooldowns
from bot.interactions.host import BotInteraction, Host
from bot.interactions.responses import use_asker_language
from bot.interactions.welcome import welcome
from bot.invite import invite_link
from bot.services import Services
from bot.settings import DISCORD_API
from bot.startup_errors import DiscordUnreachable, TokenRefused
from bot.tree import BroadsheetTree
from bot.views import ITEMS, is_known
from bot.views.forms import take_form
from digests.errors import NotFound
from digests.i18n import _

_log = logging.getLogger(__name__)

MAX_RATELIMIT_TIMEOUT_S = 60.0
"""A rate limit that asks for a longer wait fails the request: the outbox queues it again, a user gets an error."""

FIRST_CONNECT_WAIT_S = 1.0
MOST_CONNECT_WAIT_S = 60.0
"""Longest wait between two attempts of the first connection to the gateway."""

_AUTHENTICATION_FAILED = 4004
_NEW_SESSION = 4000
_LATE_ANSWERS = LateAnswers()
_RECONNECTS = Reconnects()

GuildGone = Callable[[int], Awaitable[None]]
ChannelGone = Callable[[int, int], Awaitable[None]]


class BroadsheetClient(Host):
    """The bot as Discord sees it."""

    def __init__(
        self,
        services: Services,
        *,
        api_base_url: str = DISCORD_API,
        on_guild_gone: GuildGone | None = None,
        on_channel_gone: ChannelGone | None = None,
        **options: Any,
    ) -> None:
        """Prepare the client; nothing is connected yet.

        Args:
            services: What the commands and buttons may call.
            api_base_url: The base URL of Discord's REST API, version included; it also returns the gateway's address.
            on_guild_gone: Called with a guild's id when the bot was removed from it (not during an outage).
            on_channel_gone: Called with a guild's id and the id of a channel or thread that was deleted there.
            options: Further options of `discord.Client`, such as `http_trace`.
        """
        discord.VoiceClient.warn_nacl = False
        discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=MAX_RATELIMIT_TIMEOUT_S,
            **options,
        )
        self.services = services
        self.cooldowns = Cooldowns()
        self._is_disconnected = False
        self._gateway_socket = GatewaySocket(self.http)
        self.tree = BroadsheetTree(self, home_guild_ids=services.admin_guild_ids)
        self._api_base_url = api_base_url.rstrip("/")
        self._on_guild_gone = on_guild_gone
        self._on_channel_gone = on_channel_gone

    async def login(self, token: str) -> None:
        """Log in, find the gateway and register the commands; may be called again if it failed.

        Raises:
            TokenRefused: Discord does not know the token.
            DiscordUnreachable: Nothing answers at `api_base_url`, or what answers is not Discord.
        """
        # discord.py has one address for the whole process.
        Route.BASE = self._api_base_url
        try:
            await super().login(token)
        except discord.LoginFailure as error:
            raise _token_refused() from error
        except (*LOST, *UNREADABLE) as error:
            await self.http.close()
            self.http.connector = discord.utils.MISSING  # the next login makes another
            raise DiscordUnreachable(
                _("Discord can't be reached at {url}: {error}. Check the connection and discord.api_base_url.").format(
                    url=self._api_base_url, error=_describe(error)
                ),
                may_pass=not isinstance(error, discord.HTTPException) or error.status >= 500 or error.status == 429,
            ) from error

    async def connect(self, *, reconnect: bool = True) -> None:
        """Listen to the gateway until the client is closed.

        Raises:
            TokenRefused: The token was withdrawn while the bot ran.
        """
        logging.getLogger("discord.client").addFilter(_RECONNECTS)
        wait_s = FIRST_CONNECT_WAIT_S
        while True:
            try:
                await super().connect(reconnect=reconnect)
                return
            except discord.ConnectionClosed as error:
                if error.code == _AUTHENTICATION_FAILED:
                    raise _token_refused() from error
                raise
            except UNREADABLE as error:
                if self.is_closed():
                    return  # closed by `close`: discord.py (2.7) then fails for want of its event loop
                if not reconnect:
                    raise
                if isinstance(error, AttributeError) and getattr(self, "ws", None) is None:
                    # discord.py (2.7) tries to resume a session that never existed: the very first connection failed.
                    _log.warning("The gateway can't be reached yet; trying again within %.0f s", wait_s)
                else:
                    # Not from Discord: a proxy's page, or a corrupt stream.
                    wait_s = FIRST_CONNECT_WAIT_S if self.is_connected else wait_s
                    _log.warning(
                        "What the gateway sent can't be read (%s); trying again within %.0f s",
                        type(error).__name__,
                        wait_s,
                    )
                    self._is_disconnected = True
                    await self._close_gateway()
            await asyncio.sleep(random.uniform(0.5, 1.0) * wait_s)
            wait_s = min(2 * wait_s, MOST_CONNECT_WAIT_S)

    async def _close_gateway(self) -> None:
        """Close the connection to the gateway, if there is one, so that the next one starts a new session."""
        socket: DiscordWebSocket | None = getattr(self, "ws", None)
        if socket is not None:
            with suppress(*LOST):
                await socket.close(code=_NEW_SESSION)

    async def close(self) -> None:
        """Disconnect and end the HTTP session; safe to call twice."""
        # discord.py leaves this task running, and a closed client has no event loop to dispatch its last event on.
        waiting = self._connection._ready_task
        if waiting is not None:
            waiting.cancel()
            await asyncio.wait((waiting,))
        await super().close()
        await self._gateway_socket.close()

    async def setup_hook(self) -> None:
        """Run once, after the login and before the gateway connects."""
        logging.getLogger("discord.app_commands.tree").addFilter(_LATE_ANSWERS)
        if self._api_base_url != DISCORD_API:
            answer = await self.http.request(Route("GET", "/gateway"))
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(answer["url"])
        self.add_dynamic_items(*ITEMS)
        await self.tree.register(self.services.installation)

    @property
    def is_connected(self) -> bool:
        """Whether events are coming in; `is_ready` stays true once they have."""
        return self.is_ready() and not self._is_disconnected

    def command_ids(self, guild_id: int | None) -> Mapping[str, int]:
        """Return the ids of the top-level commands by name; a mention with the id opens the command."""
        return self.tree.command_ids(guild_id)

    # ------------------------------------------------------------------ events

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Register the corpus commands in a home guild, and introduce the bot in one message."""
        await self.tree.register_in(guild.id, self.services.installation)
        await welcome(guild, self.command_ids(guild.id))

    async def on_disconnect(self) -> None:
        """Note that the gateway is disconnected."""
        self._is_disconnected = True

    async def on_resumed(self) -> None:
        """Note that the gateway session was resumed."""
        self._is_disconnected = False

    async def on_ready(self) -> None:
        """Note that the gateway is connected; log the invitation link while the bot is in no server."""
        self._is_disconnected = False
        if not self.guilds and self.application_id is not None:
            _log.warning("The bot is in no server yet. Invite it: %s", invite_link(self.application_id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Pass on that the bot was removed from a guild."""
        if self._on_guild_gone is not None:
            await self._on_guild_gone(guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Pass on that a channel was deleted."""
        if self._on_channel_gone is not None:
            await self._on_channel_gone(channel.guild.id, channel.id)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Pass on that a thread was deleted, known to the cache or not."""
        if self._on_channel_gone is not None:
            await self._on_channel_gone(payload.guild_id, payload.thread_id)

    async def on_interaction(self, interaction: BotInteraction) -> None:
        """Answer forms, and buttons that no item handles, so that they do not just fail."""
        if interaction.type is discord.InteractionType.modal_submit:
            await take_form(interaction)
            return
        if interaction.type is not discord.InteractionType.component or interaction.data is None:
            return
        custom_id = str(interaction.data.get("custom_id", ""))
        if not is_known(custom_id):
            use_asker_language(interaction)
            gone = NotFound(_("This button is from an older version of me and no longer works. Ask again."))
            await answer_error(interaction, gone, doing=custom_id)

    async def on_app_command_completion(self, interaction: BotInteraction, _command: object) -> None:
        """Charge the time that a command took to its user."""
        self.tree.count_time(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log an error in an event handler; no user is waiting for an answer."""
        _log.exception("Handler of the event %s failed", event_method)


def _describe(error: BaseException) -> str:
    if isinstance(error, (*UNREADABLE, NotDiscord)):
        return _("what answers there is not Discord ({error})").format(error=type(error).__name__)
    return str(error) or type(error).__name__


def _token_refused() -> TokenRefused:
    return TokenRefused(
        _(
            "Discord refused the bot's token. Copy it again from the Bot page of the developer portal"
            " into DISCORD_TOKEN or the file that discord.token_file names."
        )
    )
