"""Answers to interactions keep Discord's rules: which, how soon, how often."""

import asyncio
from typing import Any

import pytest

from sandbox import Channel, Guild, Impossible, NotAnswered, Reply, Sandbox
from sandbox.entities import Message
from sandbox.interactions import Interaction
from tests.patience import PATIENCE_S
from tests.sandbox.conftest import Rest

V2 = 1 << 15
COMMANDS = [
    {
        "name": "news",
        "description": "Search",
        "options": [{"type": 3, "name": "query", "description": "What", "autocomplete": True}],
    }
]
BUTTON: dict[str, Any] = {"type": 1, "components": [{"type": 2, "style": 2, "label": "press", "custom_id": "a"}]}


@pytest.fixture
async def asked(sandbox: Sandbox, channel: Channel, rest: Rest) -> Interaction:
    """Register a command and run it; nobody answers by itself."""
    await rest("PUT", f"/applications/{sandbox.application_id}/commands", COMMANDS)
    reply = await sandbox.invoke("news", wait=False)
    return reply.interaction


def original(asked: Interaction) -> Message:
    """Return the message that answers an interaction."""
    assert asked.original is not None
    return asked.original


class Answers:
    """Answers as a bot would."""

    def __init__(self, sandbox: Sandbox, rest: Rest) -> None:
        self.sandbox = sandbox
        self.rest = rest

    async def first(self, interaction: Interaction, kind: Any, data: Any = None) -> tuple[int, Any]:
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        return await self.rest("POST", path, body, with_response="1")

    async def later(self, method: str, interaction: Interaction, tail: str = "", body: Any = None) -> tuple[int, Any]:
        return await self.rest(method, f"/webhooks/{self.sandbox.application_id}/{interaction.token}{tail}", body)


@pytest.fixture
def answers(sandbox: Sandbox, rest: Rest) -> Answers:
    return Answers(sandbox, rest)


async def test_an_answer_is_taken_once(asked: Interaction, answers: Answers) -> None:
    status, answer = await answers.first(asked, 4, {"content": "one"})
    assert status == 200
    assert answer["interaction"]["response_message_id"] == answer["resource"]["message"]["id"]
    status, answer = await answers.first(asked, 4, {"content": "two"})
    assert (status, answer["code"]) == (400, 40060)
    assert original(asked).text == "one"


async def test_after_its_time_it_is_too_late(sandbox: Sandbox, asked: Interaction, answers: Answers) -> None:
    sandbox.advance(PATIENCE_S + 0.1)
    status, answer = await answers.first(asked, 4, {"content": "x"})
    assert (status, answer["code"]) == (404, 10062)


def test_its_time_is_three_seconds() -> None:
    assert Sandbox.start().ack_window_s == 3


async def test_after_fifteen_minutes_the_token_is_dead(sandbox: Sandbox, asked: Interaction, answers: Answers) -> None:
    await answers.first(asked, 5)
    sandbox.advance(901)
    status, answer = await answers.later("PATCH", asked, "/messages/@original", {"content": "x"})
    assert (status, answer["code"]) == (401, 50027)


async def test_nothing_can_be_edited_before_the_first_answer(asked: Interaction, answers: Answers) -> None:
    status, answer = await answers.later("POST", asked, "", {"content": "x"})
    assert (status, answer["code"]) == (404, 10015)


async def test_a_wrong_token_is_refused(sandbox: Sandbox, asked: Interaction, answers: Answers, rest: Rest) -> None:
    status, answer = await rest("POST", f"/interactions/{asked.id}/wrong/callback", {"type": 5})
    assert (status, answer["code"]) == (404, 10062)
    status, answer = await rest("POST", f"/webhooks/{sandbox.application_id}/wrong", {"content": "x"})
    assert (status, answer["code"]) == (401, 50027)
    status, answer = await rest("POST", "/webhooks/5/wrong", {"content": "x"})
    assert (status, answer["code"]) == (404, 10015)


async def test_a_promise_is_kept_by_an_edit_or_by_the_first_follow_up(
    sandbox: Sandbox, channel: Channel, asked: Interaction, answers: Answers
) -> None:
    await answers.first(asked, 5, {"flags": 64})
    promised = original(asked)
    assert (promised.loading, promised.ephemeral) == (True, True)
    _, kept = await answers.later("POST", asked, "", {"content": "here", "flags": 0})
    assert (kept["id"], kept["flags"]) == (str(promised.id), 64)
    _, second = await answers.later("POST", asked, "", {"content": "more", "flags": 64})
    assert second["id"] != kept["id"]
    assert sandbox.messages(channel) == []
    _, changed = await answers.later("PATCH", asked, f"/messages/{second['id']}", {"content": "less"})
    assert changed["content"] == "less"
    assert (await answers.later("DELETE", asked, "/messages/@original"))[0] == 204
    status, answer = await answers.later("GET", asked, "/messages/@original")
    assert (status, answer["code"]) == (404, 10008)


async def test_a_promise_taken_back_is_no_answer_until_something_follows(
    sandbox: Sandbox, asked: Interaction, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.driver.people.SETTLE_S", 60.0)
    running, interaction = await running_and_taken_back(sandbox, answers)
    await asyncio.sleep(0.1)
    assert not running.done()
    await answers.later("POST", interaction, "", {"content": "not here", "flags": 64})
    reply = await running
    assert (reply.text, reply.ephemeral) == ("not here", True)


async def test_nothing_may_follow_a_promise_taken_back(
    sandbox: Sandbox, asked: Interaction, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.driver.people.SETTLE_S", 0.1)
    running, _ = await running_and_taken_back(sandbox, answers)
    assert (await running).messages == []


async def running_and_taken_back(sandbox: Sandbox, answers: Answers) -> tuple[asyncio.Task[Reply], Interaction]:
    """Run the command and wait for the answer; the bot defers publicly and then deletes the deferred message."""
    queue = sandbox.subscribe()
    running = asyncio.create_task(sandbox.invoke("news"))
    interaction = (await queue.get()).subject
    sandbox.unsubscribe(queue)
    await answers.first(interaction, 5)
    await answers.later("DELETE", interaction, "/messages/@original")
    return running, interaction


async def test_what_only_the_asker_sees_is_not_in_the_channel(
    asked: Interaction, answers: Answers, rest: Rest, channel: Channel
) -> None:
    await answers.first(asked, 4, {"content": "x", "flags": 64})
    assert (await rest("GET", f"/channels/{channel.id}/messages"))[1] == []
    status, answer = await rest("GET", f"/channels/{channel.id}/messages/{original(asked).id}")
    assert (status, answer["code"]) == (404, 10008)


async def test_an_answer_pings_only_people_unless_asked_for_more(
    sandbox: Sandbox, guild: Guild, asked: Interaction, answers: Answers
) -> None:
    role = sandbox.add_role(guild, "readers", mentionable=True)
    await answers.first(asked, 4, {"content": f"<@{asked.user.id}> <@&{role.id}>"})
    assert original(asked).pinged.users == {asked.user.id}
    assert not original(asked).pinged.roles
    await answers.later("POST", asked, "", {"content": f"<@&{role.id}>", "allowed_mentions": {"roles": [str(role.id)]}})
    assert asked.followups[0].pinged.roles == {role.id}


BAD_ANSWERS: dict[str, tuple[Any, Any]] = {
    "unknown type": (3, None),
    "type of the wrong type": ("4", None),
    "update without a message": (7, {"content": "x"}),
    "choices for a command": (8, {"choices": []}),
    "message too long": (4, {"content": "x" * 2001}),
    "modal without title": (9, {"custom_id": "m", "components": [BUTTON]}),
    "modal title": (9, {"custom_id": "m", "title": "x" * 46, "components": [{"type": 10, "content": "x"}]}),
    "modal with a button": (9, {"custom_id": "m", "title": "x", "components": [BUTTON]}),
    "modal with six rows": (9, {"custom_id": "m", "title": "x", "components": [{"type": 10, "content": "x"}] * 6}),
    "modal label": (
        9,
        {
            "custom_id": "m",
            "title": "x",
            "components": [
                {"type": 18, "label": "x" * 46, "component": {"type": 4, "custom_id": "a", "style": 1}},
            ],
        },
    ),
    "modal text length": (
        9,
        {
            "custom_id": "m",
            "title": "x",
            "components": [
                {"type": 18, "label": "x", "component": {"type": 4, "custom_id": "a", "style": 1, "max_length": 4001}},
            ],
        },
    ),
    "modal label without component": (9, {"custom_id": "m", "title": "x", "components": [{"type": 18, "label": "x"}]}),
    "modal custom id twice": (
        9,
        {
            "custom_id": "m",
            "title": "x",
            "components": [
                {"type": 18, "label": "x", "component": {"type": 4, "custom_id": "a", "style": 1}},
                {"type": 18, "label": "y", "component": {"type": 23, "custom_id": "a"}},
            ],
        },
    ),
}


@pytest.mark.parametrize(("kind", "data"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
async def test_an_answer_beyond_a_limit_is_refused(asked: Interaction, answers: Answers, kind: Any, data: Any) -> None:
    status, answer = await answers.first(asked, kind, data)
    assert (status, answer["code"]) == (400, 50035)
    assert answer["errors"]
    assert asked.answer is None


@pytest.mark.parametrize(
    "choices",
    [
        [{"name": str(n), "value": str(n)} for n in range(26)],
        [{"name": "x" * 101, "value": "x"}],
        [{"name": "x", "value": "x" * 101}],
        [{"name": "", "value": "x"}],
        [{"name": "x", "value": 5}],
        ["x"],
        "x",
    ],
)
async def test_choices_beyond_a_limit_are_refused(
    sandbox: Sandbox, asked: Interaction, answers: Answers, choices: Any
) -> None:
    task = sandbox.autocomplete("news", {"query": "cl"}, timeout=0.1)
    with pytest.raises(NotAnswered):
        await task
    typed = list(sandbox.world.interactions._by_id.values())[-1]
    status, answer = await answers.first(typed, 8, {"choices": choices})
    assert (status, answer["code"]) == (400, 50035)
    assert (await answers.first(typed, 4, {"content": "x"}))[0] == 400
    assert (await answers.first(typed, 8, {"choices": [{"name": "n", "value": "v"}]}))[0] == 200


async def test_a_press_may_change_its_message_or_wait(sandbox: Sandbox, asked: Interaction, answers: Answers) -> None:
    await answers.first(asked, 4, {"content": "x", "components": [BUTTON]})
    pressed = (await sandbox.click(original(asked), label="press", wait=False)).interaction
    _, answer = await answers.first(pressed, 7, {"content": "y"})
    assert answer["resource"]["message"]["id"] == str(original(asked).id)
    assert original(asked).text == "y"
    waiting = (await sandbox.click(original(asked), label="press", wait=False)).interaction
    await answers.first(waiting, 6)
    assert original(asked).text == "y"
    await answers.later("PATCH", waiting, "/messages/@original", {"content": "z", "components": []})
    assert original(asked).text == "z"
    with pytest.raises(Impossible):
        await sandbox.click(original(asked), label="press")


async def test_a_bare_acknowledgement_is_an_answer(sandbox: Sandbox, asked: Interaction, answers: Answers) -> None:
    await answers.first(asked, 4, {"content": "x", "components": [BUTTON]})
    pressed = await sandbox.click(original(asked), label="press", wait=False)
    await answers.first(pressed.interaction, 6)
    again = await sandbox.click(original(asked), label="press", wait=False)
    await answers.first(again.interaction, 6)
    assert (pressed.updated, pressed.edits) == (True, 0)


async def test_a_disabled_button_cannot_be_pressed(sandbox: Sandbox, asked: Interaction, answers: Answers) -> None:
    disabled = {"type": 1, "components": [{**BUTTON["components"][0], "disabled": True}]}
    await answers.first(asked, 4, {"content": "x", "components": [disabled]})
    with pytest.raises(Impossible, match="disabled"):
        await sandbox.click(original(asked), label="press")


async def test_a_form_cannot_open_a_form(sandbox: Sandbox, asked: Interaction, answers: Answers) -> None:
    form: dict[str, Any] = {
        "custom_id": "m",
        "title": "Edit",
        "components": [{"type": 18, "label": "Text", "component": {"type": 4, "custom_id": "t", "style": 1}}],
    }
    await answers.first(asked, 9, form)
    with pytest.raises(Impossible, match="required"):
        await sandbox.submit(Reply(asked), {})
    sent = (await sandbox.submit(Reply(asked), {"Text": "x"}, wait=False)).interaction
    assert (await answers.first(sent, 9, form))[0] == 400
    assert (await answers.first(sent, 7, {"content": "x"}))[0] == 400
    assert (await answers.first(sent, 4, {"content": "x"}))[0] == 200
