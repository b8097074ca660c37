"""Answers to interactions: the first one within three seconds, then edits and follow-ups for fifteen minutes."""

from typing import Any, Final

from sandbox import interactions as kinds
from sandbox.api.call import NO_CONTENT, Answer, Call, Route
from sandbox.entities import EPHEMERAL, LOADING, Message, Payload
from sandbox.errors import Problems, refusal
from sandbox.interactions import Interaction
from sandbox.permissions import USE_EXTERNAL_APPS
from sandbox.validation import fields, messages, modals
from sandbox.validation.messages import USER_MENTIONS, Draft
from sandbox.world import World

_ALLOWED: Final[dict[int, tuple[int, ...]]] = {
    kinds.COMMAND: (kinds.MESSAGE, kinds.DEFERRED_MESSAGE, kinds.MODAL),
    kinds.COMPONENT: (kinds.MESSAGE, kinds.DEFERRED_MESSAGE, kinds.DEFERRED_UPDATE, kinds.UPDATE, kinds.MODAL),
    kinds.AUTOCOMPLETE: (kinds.CHOICES,),
    kinds.MODAL_SUBMIT: (kinds.MESSAGE, kinds.DEFERRED_MESSAGE),
}


def _allowed(interaction: Interaction) -> tuple[int, ...]:
    if interaction.kind == kinds.MODAL_SUBMIT and interaction.source is not None:
        return (*_ALLOWED[kinds.MODAL_SUBMIT], kinds.DEFERRED_UPDATE, kinds.UPDATE)
    return _ALLOWED[interaction.kind]


def callback(call: Call) -> Answer:
    """Take the first answer to an interaction."""
    world = call.world
    interaction = world.interactions.find(call.id(0))
    now = world.clock.now()
    if interaction is None or interaction.token != call.params[1]:
        raise refusal(10062)
    if interaction.answer is not None:
        raise refusal(40060)
    if now - interaction.created_s > call.ack_window_s:
        raise refusal(10062)
    body = call.fields()
    problems = Problems()
    answer = fields.choice(problems, (), body, "type", _allowed(interaction), required=True)
    problems.check()
    data = body.get("data")
    if answer == kinds.CHOICES:
        interaction.choices = modals.read_choices(data, interaction.option_type)
    elif answer == kinds.MODAL:
        interaction.modal = modals.read_modal(data)
    elif answer == kinds.UPDATE:
        _update(call, interaction, data)
    elif answer == kinds.DEFERRED_UPDATE:
        interaction.original = interaction.source
    elif answer == kinds.DEFERRED_MESSAGE:
        flags = data.get("flags") if isinstance(data, dict) else None
        ephemeral = flags & EPHEMERAL if isinstance(flags, int) else 0
        draft = Draft(None, None, None, None, LOADING | ephemeral, USER_MENTIONS, None, False, None)
        interaction.original = _send(world, interaction, draft)
    else:
        draft = messages.read(data, new_id=world.new_id, files=call.files, path=("data",), ephemeral_allowed=True)
        interaction.original = _send(world, interaction, draft)
    interaction.answer = answer
    interaction.answered_s = now
    _note(world, interaction)
    if call.query.get("with_response") in ("1", "true", "True"):
        return 200, _callback_payload(interaction)
    return NO_CONTENT


def _note(world: World, interaction: Interaction) -> None:
    interaction.activity += 1
    world.publish("interaction_answer", interaction)


def _send(world: World, interaction: Interaction, draft: Draft) -> Message:
    if draft.mentions is None:
        draft.mentions = USER_MENTIONS
    draft.nonce = None
    if interaction.user_installed_only and interaction.channel.guild is not None:
        bits = world.user_permissions(interaction.channel, interaction.user)
        if not bits & USE_EXTERNAL_APPS:
            draft.flags |= EPHEMERAL
    return world.create_message(
        interaction.channel, world.bot, draft, asker=interaction.user, interaction=interaction.metadata()
    )


def _update(call: Call, interaction: Interaction, data: Any) -> None:
    source = interaction.source
    if source is None or source.deleted:
        raise refusal(10008)
    if data is not None:
        draft = messages.read(data, new_id=call.world.new_id, files=call.files, path=("data",), before=source)
        call.world.edit_message(source, draft)
    interaction.original = source


def _callback_payload(interaction: Interaction) -> Payload:
    message = interaction.original
    body: Payload = {"id": str(interaction.id), "type": interaction.kind, "channel_id": str(interaction.channel.id)}
    if interaction.channel.guild_id is not None:
        body["guild_id"] = str(interaction.channel.guild_id)
    if message is None:
        return {"interaction": body}
    body |= {
        "response_message_id": str(message.id),
        "response_message_loading": message.loading,
        "response_message_ephemeral": message.ephemeral,
    }
    # The OpenAPI description only has these two types for a resource with a message, deferred or not.
    kind = kinds.UPDATE if message is interaction.source else kinds.MESSAGE
    return {"interaction": body, "resource": {"type": kind, "message": message.payload()}}


def _by_token(call: Call) -> Interaction:
    world = call.world
    if call.id(0) != world.bot.id:
        raise refusal(10015)
    interaction = world.interactions.find_by_token(call.params[1])
    if interaction is None or world.clock.now() - interaction.created_s > kinds.TOKEN_LIFE_S:
        raise refusal(50027)
    if interaction.answer is None or interaction.answer == kinds.CHOICES:
        raise refusal(10015)
    return interaction


def _message(call: Call) -> tuple[Interaction, Message]:
    interaction = _by_token(call)
    wanted = call.params[2]
    if wanted == "@original":
        message = interaction.original
    else:
        number = call.id(2)
        known = [*interaction.followups, *([interaction.original] if interaction.original is not None else [])]
        message = next((one for one in known if one.id == number), None)
    if message is None or message.deleted:
        raise refusal(10008)
    return interaction, message


def follow_up(call: Call) -> Answer:
    """Send a follow-up; while the first answer is deferred, the follow-up replaces it."""
    world = call.world
    interaction = _by_token(call)
    original = interaction.original
    draft = messages.read(call.body, new_id=world.new_id, files=call.files, ephemeral_allowed=True)
    if draft.mentions is None:
        draft.mentions = USER_MENTIONS
    if original is not None and original.loading and not original.deleted:
        world.edit_message(original, draft, was_loading=True)
        message = original
    else:
        if interaction.user_installed_only and len(interaction.followups) >= kinds.MAX_FOLLOW_UPS:
            raise refusal(40094)
        message = _send(world, interaction, draft)
        interaction.followups.append(message)
    _note(world, interaction)
    return 200, message.payload()


def get(call: Call) -> Answer:
    """Return a message that answered an interaction."""
    return 200, _message(call)[1].payload()


def edit(call: Call) -> Answer:
    """Edit a message that answered an interaction; a deferred one gets its content."""
    world = call.world
    interaction, message = _message(call)
    draft = messages.read(call.body, new_id=world.new_id, files=call.files, before=message)
    if draft.mentions is None:
        draft.mentions = USER_MENTIONS
    world.edit_message(message, draft, was_loading=message.loading)
    _note(world, interaction)
    return 200, message.payload()


def delete(call: Call) -> Answer:
    """Delete a message that answered an interaction."""
    interaction, message = _message(call)
    call.world.delete_message(message)
    if message is interaction.original:
        interaction.original_deleted = True
    _note(call.world, interaction)
    return NO_CONTENT


_TOKEN: Final = "/webhooks/{application_id}/{token}"  # noqa: S105 - a path, not a secret
ROUTES: Final = [
    Route("POST", "/interactions/{interaction_id}/{token}/callback", callback, needs_token=False, exempt=True),
    Route("POST", _TOKEN, follow_up, needs_token=False, exempt=True),
    Route("GET", _TOKEN + "/messages/{message_id}", get, needs_token=False, exempt=True),
    Route("PATCH", _TOKEN + "/messages/{message_id}", edit, needs_token=False, exempt=True),
    Route("DELETE", _TOKEN + "/messages/{message_id}", delete, needs_token=False, exempt=True),
]
