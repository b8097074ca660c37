"""Pictures come from this machine where it has them, and no other server is asked for any."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import aiohttp

from sandbox import page
from sandbox.validation.messages import Draft
from tests.sandbox.patient import patient

DRAWN = '<svg xmlns="http://www.w3.org/2000/svg"/>'


async def test_a_picture_is_served_by_the_sandbox_and_one_that_it_lacks_is_a_neutral_box(tmp_path: Path) -> None:
    file = tmp_path / "harbour.svg"
    file.write_text(DRAWN, "utf-8")
    secret = tmp_path / "secret.txt"
    secret.write_text("not for anybody", "utf-8")
    kept = {"https://media.example/harbour.jpg": file, "https://media.example/secret.jpg": secret}
    async with patient() as sandbox, aiohttp.ClientSession() as session:
        page.mount(sandbox, pictures=kept.get)
        owner = sandbox.add_user("Ada")
        guild = sandbox.add_guild("Press", owner=owner)
        channel = sandbox.add_channel(guild, "news")
        addresses = ("https://media.example/harbour.jpg", "https://media.example/lacking.jpg")
        gallery = {"type": 12, "items": [{"media": {"url": url}} for url in addresses]}
        shown_as = Draft(None, None, [{"type": 17, "components": [gallery]}], None, 1 << 15, None, None, False, None)
        sandbox.world.create_message(channel, sandbox.bot_user, shown_as)
        asked = {"channel": str(channel.id), "user": str(owner.id), "tz": "UTC"}
        async with session.get(sandbox.base_url + "/channel", params=asked) as answer:
            shown = "".join(entry["html"] for entry in (await answer.json())["entries"])
        (source,) = re.findall(r'src="([^"]*)"', shown)
        assert source.startswith("/picture?")
        assert shown.count("dc-placeholder") == 1
        async with session.get(sandbox.base_url + unescape(source)) as answer:
            assert (answer.status, answer.content_type) == (200, "image/svg+xml")
            assert await answer.text() == DRAWN
        for url in (addresses[1], "https://media.example/secret.jpg", "../secret.txt", ""):
            async with session.get(sandbox.base_url + "/picture", params={"url": url}) as answer:
                assert answer.status == 404, url
