"""Channels and threads: what the bot may do there, whom a message pings, and how history and nonces answer."""

from typing import Any

import pytest

from sandbox import Channel, Guild, Sandbox
from sandbox import permissions as bits
from tests.sandbox.conftest import Rest
from tests.sandbox.making import leaves, text, v2


async def test_threads_and_posts_keep_their_limits(
    sandbox: Sandbox, guild: Guild, channel: Channel, rest: Rest
) -> None:
    forum = sandbox.add_channel(guild, "daily", "forum", tags=("A", "B", "C", "D", "E", "F", "!Staff"))
    path = f"/channels/{forum.id}/threads"
    ids = [str(tag.id) for tag in forum.tags]
    good = {"name": "x" * 100, "applied_tags": ids[:5], "message": {"content": "x"}}
    assert (await rest("POST", path, good))[0] == 201
    for change, code, place in (
        ({"name": "x" * 101}, 50035, "name"),
        ({"name": ""}, 50035, "name"),
        ({"applied_tags": ids[:6]}, 50035, "applied_tags"),
        ({"message": None}, 50035, "message"),
        ({"message": {"content": "x" * 2001}}, 50035, "message.content"),
        ({"message": {}}, 50006, None),
        ({"applied_tags": ["5"]}, 10087, None),
        ({"applied_tags": ids[-1:]}, 50013, None),
    ):
        _, answer = await rest("POST", path, good | change)
        assert answer["code"] == code, change
        if place is not None:
            assert leaves(answer["errors"])[0][0] == place
    assert len(sandbox.posts(forum)) == 1
    _, answer = await rest.send(forum, {"content": "x"})
    assert answer["code"] == 40058
    _, answer = await rest("POST", f"/channels/{channel.id}/threads", {"name": "t" * 101, "type": 11})
    assert leaves(answer["errors"]) == [("name", "BASE_TYPE_MAX_LENGTH")]


async def test_what_the_bot_may_not_do(sandbox: Sandbox, guild: Guild, channel: Channel, rest: Rest) -> None:
    reader = sandbox.add_member(guild, "reader")
    theirs = sandbox.say(channel, reader, "mine")
    category = sandbox.add_channel(guild, "all", "category")
    messages = f"/channels/{channel.id}/messages"
    _, own = await rest.send(channel, {"content": "ours"})

    async def expect(code: int, status: int, method: str, path: str, body: Any = None) -> None:
        got, answer = await rest(method, path, body)
        assert (got, answer["code"]) == (status, code), (method, path)

    await expect(50005, 403, "PATCH", f"{messages}/{theirs.id}", {"content": "x"})
    await expect(50013, 403, "DELETE", f"{messages}/{theirs.id}")
    await expect(50024, 400, "POST", f"{messages}/{own['id']}/crosspost")
    await expect(50008, 400, "POST", f"/channels/{category.id}/messages", {"content": "x"})
    await expect(10008, 404, "GET", f"{messages}/5")
    await expect(10003, 404, "POST", "/channels/5/messages", {"content": "x"})
    await expect(10004, 404, "GET", "/guilds/5")
    await expect(10007, 404, "GET", f"/guilds/{guild.id}/members/5")
    await expect(10013, 404, "GET", "/users/5")
    await expect(50033, 400, "POST", "/users/@me/channels", {"recipient_id": "5"})
    await expect(50001, 403, "PUT", f"/applications/{sandbox.application_id}/guilds/5/commands", [])
    await expect(20012, 403, "PUT", "/applications/5/commands", [])
    await expect(50013, 403, "PATCH", f"/channels/{channel.id}", {"name": "x"})
    await expect(0, 404, "GET", "/nonsense")
    await expect(0, 405, "PUT", messages)

    sandbox.set_permissions(channel, deny=("send_messages",))
    await expect(50013, 403, "POST", messages, {"content": "x"})
    sandbox.set_permissions(channel, deny=("embed_links",))
    await expect(50013, 403, "POST", messages, {"embeds": [{"title": "x"}]})
    sandbox.set_permissions(channel, deny=("create_public_threads",))
    await expect(50013, 403, "POST", f"{messages}/{own['id']}/threads", {"name": "x"})
    sandbox.set_permissions(channel, deny=("read_message_history",))
    assert await rest("GET", messages) == (200, [])
    await expect(50001, 403, "GET", f"{messages}/{own['id']}")
    sandbox.set_permissions(channel, deny=("view_channel",))
    await expect(50001, 403, "POST", messages, {"content": "x"})
    await expect(50001, 403, "GET", messages)
    sandbox.set_permissions(channel, allow=("manage_messages",))
    assert (await rest("DELETE", f"{messages}/{theirs.id}"))[0] == 204
    sandbox.remove_guild(guild)
    await expect(50001, 403, "POST", messages, {"content": "x"})
    await expect(10004, 404, "GET", f"/guilds/{guild.id}")
    sandbox.remove_channel(channel)
    await expect(10003, 404, "POST", messages, {"content": "x"})


async def test_permissions_add_up_as_documented(sandbox: Sandbox, guild: Guild, channel: Channel) -> None:
    everyone = sandbox.everyone(guild)
    role = sandbox.add_role(guild, "editors")
    ann = sandbox.add_member(guild, "Ann", roles=(role,))
    world = sandbox.world
    speak = bits.SEND_MESSAGES
    assert world.user_permissions(channel, ann.user) & speak
    sandbox.set_permissions(channel, everyone, deny=("send_messages",))
    assert not world.user_permissions(channel, ann.user) & (speak | bits.EMBED_LINKS)
    sandbox.set_permissions(channel, role, allow=("send_messages",))
    assert world.user_permissions(channel, ann.user) & speak
    sandbox.set_permissions(channel, ann, deny=("send_messages",))
    assert not world.user_permissions(channel, ann.user) & speak
    thread = sandbox.add_channel(guild, "talk", "thread", parent=channel)
    assert world.user_permissions(thread, ann.user) & bits.SEND_MESSAGES_IN_THREADS
    sandbox.set_permissions(channel, everyone, deny=("view_channel",))
    assert world.user_permissions(thread, ann.user) == 0
    sandbox.set_role(guild, role, permissions=("administrator",))
    assert world.user_permissions(channel, ann.user) == bits.ALL


async def test_archived_and_locked_threads(sandbox: Sandbox, guild: Guild, channel: Channel, rest: Rest) -> None:
    thread = sandbox.add_channel(guild, "talk", "thread", parent=channel)
    _, message = await rest.send(thread, {"content": "one"})
    sandbox.archive(thread)
    status, answer = await rest("PATCH", f"/channels/{thread.id}/messages/{message['id']}", {"content": "two"})
    assert (status, answer["code"]) == (400, 50083)
    assert (await rest.send(thread, {"content": "three"}))[0] == 200
    assert not thread.archived
    sandbox.archive(thread, locked=True)
    status, answer = await rest.send(thread, {"content": "four"})
    assert (status, answer["code"]) == (400, 50083)
    role = sandbox.add_role(guild, "mods", permissions=("manage_threads",))
    sandbox.give_role(sandbox.bot_member(guild), role)
    assert (await rest.send(thread, {"content": "five"}))[0] == 200
    sandbox.set_permissions(channel, deny=("send_messages_in_threads",))
    status, answer = await rest.send(thread, {"content": "six"})
    assert (status, answer["code"]) == (403, 50013)
    assert [one.text for one in sandbox.messages(thread)] == ["one", "three", "five"]


async def test_the_bot_archives_its_own_thread(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    status, made = await rest("POST", f"/channels/{channel.id}/threads", {"name": "talk", "type": 11})
    assert status == 201
    path = f"/channels/{made['id']}"
    status, changed = await rest("PATCH", path, {"archived": True})
    assert (status, changed["thread_metadata"]["archived"]) == (200, True)
    status, answer = await rest("PATCH", path, {"locked": True})
    assert (status, answer["code"]) == (403, 50013)
    _, listed = await rest("GET", f"/channels/{channel.id}/threads/archived/public")
    assert [thread["id"] for thread in listed["threads"]] == [made["id"]]
    assert (await rest("GET", f"/guilds/{channel.guild_id}/threads/active"))[1]["threads"] == []


@pytest.mark.parametrize(
    ("body", "allowed", "expected"),
    [
        ("<@{user}> <@&{open}> <@&{shut}> @everyone", None, ("user", "open")),
        ("<@{user}> <@&{open}>", {"parse": []}, ()),
        ("<@{user}> <@&{open}>", {"parse": [], "roles": ["{open}"]}, ("open",)),
        ("<@{user}> <@&{open}>", {"parse": ["users"]}, ("user",)),
        ("`<@{user}>` nobody", None, ()),
    ],
)
async def test_only_what_is_allowed_pings(
    sandbox: Sandbox, guild: Guild, channel: Channel, rest: Rest, body: Any, allowed: Any, expected: tuple[str, ...]
) -> None:
    names = {
        "user": sandbox.add_member(guild, "Ann").id,
        "open": sandbox.add_role(guild, "open", mentionable=True).id,
        "shut": sandbox.add_role(guild, "shut").id,
    }
    content = body.format(**names)
    if allowed and "roles" in allowed:
        allowed = allowed | {"roles": [str(names["open"])]}
    message: dict[str, Any] = {"content": content}
    if allowed is not None:
        message["allowed_mentions"] = allowed
    _, old = await rest.send(channel, message)
    _, new = await rest.send(channel, v2(text(content)) | ({} if allowed is None else {"allowed_mentions": allowed}))
    for one in sandbox.messages(channel):
        assert {*one.pinged.users, *one.pinged.roles} == {names[name] for name in expected}
        assert not one.pinged.everyone
    assert old["mention_roles"] == new["mention_roles"]


async def test_everyone_is_pinged_only_with_the_permission(
    sandbox: Sandbox, guild: Guild, channel: Channel, rest: Rest
) -> None:
    await rest.send(channel, {"content": "@everyone"})
    sandbox.set_permissions(channel, allow=("mention_everyone",))
    await rest.send(channel, {"content": "@here"})
    await rest.send(channel, {"content": "@here", "allowed_mentions": {"parse": []}})
    assert [message.pinged.everyone for message in sandbox.messages(channel)] == [False, True, False]


async def test_history_is_read_in_pages(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    ids = [int((await rest.send(channel, {"content": str(n)}))[1]["id"]) for n in range(12)]
    path = f"/channels/{channel.id}/messages"

    async def read(**query: Any) -> list[int]:
        return [ids.index(int(message["id"])) for message in (await rest("GET", path, **query))[1]]

    assert await read(limit=3) == [11, 10, 9]
    assert await read(before=ids[3], limit=2) == [2, 1]
    assert await read(after=ids[3], limit=2) == [5, 4]
    assert await read(after=ids[9]) == [11, 10]
    assert await read(around=ids[5], limit=3) == [6, 5, 4]
    assert (await rest("GET", path, limit=101))[0] == 400
    assert (await rest("DELETE", f"{path}/{ids[5]}"))[0] == 204
    assert await read(after=ids[3], limit=2) == [6, 4]


async def test_the_nonce_is_returned_on_sending_only(sandbox: Sandbox, channel: Channel, rest: Rest) -> None:
    _, sent = await rest.send(channel, {"content": "x", "nonce": "edition-1", "enforce_nonce": True})
    assert sent["nonce"] == "edition-1"
    _, (listed,) = await rest("GET", f"/channels/{channel.id}/messages")
    assert "nonce" not in listed


async def test_a_nonce_used_lately_gives_the_earlier_message_back(
    sandbox: Sandbox, guild: Guild, channel: Channel, rest: Rest
) -> None:
    other = sandbox.add_channel(guild, "other")
    body = {"content": "x", "nonce": "edition-1", "enforce_nonce": True}
    _, first = await rest.send(channel, body)
    _, again = await rest.send(other, body | {"content": "y"})
    assert again["id"] == first["id"]
    _, plain = await rest.send(channel, {"content": "x", "nonce": "edition-1"})
    assert plain["id"] != first["id"]
    _, third = await rest.send(channel, body)
    assert third["id"] == plain["id"]
    await rest("DELETE", f"/channels/{channel.id}/messages/{plain['id']}")
    status, answer = await rest.send(channel, body)
    assert (status, answer["code"]) == (404, 10008)
    sandbox.advance(121)
    status, fresh = await rest.send(channel, body)
    assert (status, fresh["id"] not in (first["id"], plain["id"])) == (200, True)
