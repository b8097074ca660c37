"""Active interactions: what a person did, and the state of the bot's answer."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from sandbox.entities import Channel, Message, Payload, User

COMMAND: Final = 2
COMPONENT: Final = 3
AUTOCOMPLETE: Final = 4
MODAL_SUBMIT: Final = 5

MESSAGE: Final = 4
DEFERRED_MESSAGE: Final = 5
DEFERRED_UPDATE: Final = 6
UPDATE: Final = 7
CHOICES: Final = 8
MODAL: Final = 9

# Source: docs, interactions/receiving-and-responding.
TOKEN_LIFE_S: Final = 900.0
# Where only the person installed the app (40094 beyond).
MAX_FOLLOW_UPS: Final = 5


@dataclass(slots=True, eq=False)
class Interaction:
    """One use of a command, component or modal.

    `answer` is the type of the bot's first answer, `original` the message it made or changed, `source` the message
    whose component was used, `target` the message or person whose menu a command was picked from, `activity` grows with
    each thing the bot did. `owners` says by whose installation it happens: "0" a server's (or the bot's own direct
    messages), "1" the person's own.
    """

    id: int
    kind: int
    user: User
    channel: Channel
    created_s: float
    data: Payload
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    source: Message | None = None
    target: Message | User | None = None
    owners: dict[str, str] = field(default_factory=dict)
    option_type: int = 3
    answer: int | None = None
    answered_s: float | None = None
    original: Message | None = None
    original_deleted: bool = False
    followups: list[Message] = field(default_factory=list)
    choices: list[Payload] | None = None
    modal: Payload | None = None
    activity: int = 0

    @property
    def deferred(self) -> bool:
        """Whether a deferred message still says that the app is thinking."""
        return self.answer == DEFERRED_MESSAGE and self.original is not None and self.original.loading

    @property
    def user_installed_only(self) -> bool:
        """Whether the person's own installation alone brought the app here."""
        return "0" not in self.owners

    def metadata(self) -> Payload:
        """Return what a message says about the interaction it answers."""
        owners = self.owners
        body: Payload = {
            "id": str(self.id),
            "type": COMMAND if self.kind == AUTOCOMPLETE else self.kind,
            "user": self.user.payload(),
            "authorizing_integration_owners": owners,
        }
        if isinstance(self.target, Message):
            body["target_message_id"] = str(self.target.id)
        elif self.target is not None:
            body["target_user"] = self.target.payload()
        if self.kind == COMPONENT and self.source is not None:
            body["interacted_message_id"] = str(self.source.id)
        if self.kind == MODAL_SUBMIT:
            body["triggering_interaction_metadata"] = {
                "id": str(self.id),
                "type": COMMAND,
                "user": self.user.payload(),
                "authorizing_integration_owners": owners,
            }
        return body


class Interactions:
    """Finds interactions by id and by token; drops those whose token has long expired."""

    def __init__(self) -> None:
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def add(self, interaction: Interaction) -> None:
        """Keep a new interaction."""
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        while len(self._by_id) > 20_000:
            oldest = self._by_id.pop(next(iter(self._by_id)))
            del self._by_token[oldest.token]

    def find(self, interaction_id: int) -> Interaction | None:
        """Return the interaction with that id."""
        return self._by_id.get(interaction_id)

    def find_by_token(self, token: str) -> Interaction | None:
        """Return the interaction with that token."""
        return self._by_token.get(token)
