"""The bot's answer to a person's action; a live view of the world, so later edits show."""

from collections.abc import Iterator
from typing import NamedTuple

from sandbox.entities import Message, Payload, walk
from sandbox.interactions import DEFERRED_UPDATE, UPDATE, Interaction


class Impossible(Exception):  # noqa: N818 - what a person tried can't be done in Discord
    """A person could not do this in Discord: no such command, option or button, or no permission."""


class NotAnswered(Exception):  # noqa: N818
    """The bot did not answer in time; Discord shows "The application did not respond"."""


class Choice(NamedTuple):
    """One choice of an autocomplete."""

    name: str
    value: str | int | float


class Modal:
    """A form that the bot opened for a person."""

    def __init__(self, interaction: Interaction, body: Payload) -> None:
        self.interaction = interaction
        self.custom_id: str = body["custom_id"]
        self.title: str = body["title"]
        self.components: list[Payload] = body["components"]

    def walk(self) -> Iterator[Payload]:
        """Yield every component."""
        return walk(self.components)

    def inputs(self) -> list[Payload]:
        """Return the components a person fills in."""
        return [component for component in self.walk() if component.get("custom_id")]


class Reply:
    """The bot's answer to one interaction."""

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction

    @property
    def message(self) -> Message | None:
        """The answering message (or the one edited by a press); None if there is none or it was deleted."""
        original = self.interaction.original
        return None if original is None or original.deleted else original

    @property
    def messages(self) -> list[Message]:
        """The answer and its follow-ups, deleted ones left out."""
        first = [self.message] if self.message is not None else []
        return [*first, *(message for message in self.interaction.followups if not message.deleted)]

    @property
    def ephemeral(self) -> bool:
        """Whether all messages of the answer are visible to the user alone."""
        return bool(self.messages) and all(message.ephemeral for message in self.messages)

    @property
    def deferred(self) -> bool:
        """Whether the first answer was a deferral ("is thinking")."""
        return self.interaction.answer in (5, DEFERRED_UPDATE)

    @property
    def updated(self) -> bool:
        """Whether the answer changed the message whose component was used."""
        return self.interaction.answer in (UPDATE, DEFERRED_UPDATE)

    @property
    def edits(self) -> int:
        """How often the messages of the answer were edited, not counting the edit of a deferral."""
        return sum(len(message.revisions) for message in self.messages)

    @property
    def modal(self) -> Modal | None:
        """The form the bot opened."""
        body = self.interaction.modal
        return None if body is None else Modal(self.interaction, body)

    @property
    def text(self) -> str:
        """All text of the answer and its follow-ups."""
        return "\n".join(message.text for message in self.messages)

    def walk(self) -> Iterator[Payload]:
        """Yield every component of the answer and its follow-ups."""
        for message in self.messages:
            yield from message.walk()

    @property
    def buttons(self) -> list[Payload]:
        """Its buttons in order."""
        return [button for message in self.messages for button in message.buttons]

    @property
    def selects(self) -> list[Payload]:
        """Its select menus in order."""
        return [select for message in self.messages for select in message.selects]

    def find(self, *, custom_id: str | None = None, label: str | None = None) -> Payload | None:
        """Return the first component with that custom id or label."""
        for message in self.messages:
            found = message.find(custom_id=custom_id, label=label)
            if found is not None:
                return found
        return None

    def __repr__(self) -> str:
        return f"<Reply answer={self.interaction.answer} ephemeral={self.ephemeral} text={self.text[:200]!r}>"
