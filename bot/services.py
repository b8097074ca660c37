"""What commands and buttons may call: created once by `bot.app` and passed to the client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.render.look import Look
from digests.errors import StoreError
from digests.models import Cadence, Policy, QuietDay, Style
from digests.service.button_state import ButtonState
from digests.service.corpus import CorpusService
from digests.service.corpus.reload_troubles import CorpusTroubles
from digests.service.digests import DigestService
from digests.service.edition_run import Render
from digests.service.editions import EditionService
from digests.service.installation import Installation
from digests.service.past_editions import PastEditions
from digests.service.search import SearchService
from digests.service.subscriptions import SubscriptionService
from digests.typed.suggestions import Suggestions


@dataclass(frozen=True, slots=True)
class Services:
    """The use-cases, and the configuration that commands need.

    Attributes:
        render: Renders an edition to messages.
        policy: The configured filters and limits of a digest.
        default_cadence: When a digest is due by default.
        default_quiet_day: What is sent on a quiet day by default.
        default_style: How much of each story a digest prints by default.
        look: The paper's name and the emoji of its topics.
        admin_guild_ids: The home guilds: only they show `/corpus`, and their administrators may use it. If empty, it is
            shown everywhere and only the bot's owners may use it.
        now: The present moment, aware UTC.
        find_damaged: Checks the databases after an unexpected error; returns an error that names the damaged one.
    """

    corpus: CorpusService
    troubles: CorpusTroubles
    search: SearchService
    digests: DigestService
    subscriptions: SubscriptionService
    editions: EditionService
    button_state: ButtonState
    installation: Installation
    past_editions: PastEditions
    render: Render
    policy: Policy
    now: Callable[[], datetime]
    default_cadence: Cadence = field(default_factory=Cadence)
    default_quiet_day: QuietDay = QuietDay.SKIP
    default_style: Style = Style.COMPACT
    look: Look = field(default_factory=Look)
    admin_guild_ids: frozenset[int] = frozenset()
    find_damaged: Callable[[BaseException], Awaitable[StoreError | None]] | None = None

    @property
    def suggestions(self) -> Suggestions:
        """The autocomplete choices, as of the last reload."""
        return self.search.suggestions
