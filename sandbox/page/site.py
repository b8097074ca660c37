"""The page's paths on the stand-in's port: files, state, actions, changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from aiohttp import hdrs, web

from sandbox.driver.reply import Impossible, NotAnswered
from sandbox.driver.sandbox import Sandbox
from sandbox.errors import ApiError
from sandbox.html.icons import NEWSPAPER
from sandbox.page import stream
from sandbox.page.actions import Actions
from sandbox.page.content import PageContent, Unknown
from sandbox.page.controls import Controls
from sandbox.page.guard import HEADERS, refusal
from sandbox.page.zones import zone

_PICTURE: Final = "/picture"
_WEB: Final = Path(__file__).parent.parent / "web"
_TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# Listed one by one: no path in a request ever reaches the file system.
_FILES: Final = {
    f"/{name}": name
    for name in (
        *("app.css", "discord.css"),
        *(
            "app.js",
            "composer.js",
            "menu.js",
            "message_list.js",
            "option_values.js",
            "popup.js",
            "selects.js",
            "server.js",
        ),
    )
} | {"/": "index.html"}


Pictures: TypeAlias = Callable[[str], Path | None]
"""Returns the file to show for a picture's address, or None."""


def mount(sandbox: Sandbox, controls: Controls | None = None, pictures: Pictures | None = None) -> None:
    """Serve the page at `/` of the stand-in's port.

    Args:
        sandbox: A stand-in, started or not.
        controls: Moves the bot's clock; without it the page has no clock buttons and shows the stand-in's clock.
        pictures: Finds the pictures of articles on this machine, so that no other server is contacted.
    """
    sandbox.mount("/", _Site(sandbox, controls, pictures).serve)


class _Site:
    def __init__(self, sandbox: Sandbox, controls: Controls | None, pictures: Pictures | None) -> None:
        self._sandbox = sandbox
        self._pictures = pictures
        self._content = PageContent(sandbox, controls, None if pictures is None else self._picture_source)
        self._actions = Actions(sandbox, self._content, controls)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        reason = refusal(request, self._sandbox.port)
        if reason is not None:
            return _json({"error": reason}, 403)
        try:
            if request.method == hdrs.METH_POST:
                return await self._do(request)
            if request.method != hdrs.METH_GET:
                return _json({"error": "Only GET and POST are understood here."}, 405)
            if request.path == "/events":
                return await stream.serve(request, self._sandbox)
            return self._show(request)
        except Unknown as error:
            return _json({"error": str(error)}, 404)
        except Impossible as error:
            return _json({"error": _sentence(str(error))}, 400)
        except ApiError as error:
            return _json({"error": f"Discord would refuse this: {error}"}, 400)
        except NotAnswered:
            used = request.path in ("/press", "/select", "/submit", "/menu")
            return _json({"error": "This interaction failed" if used else "The application did not respond"}, 504)

    def _show(self, request: web.BaseRequest) -> web.Response:
        query = request.query
        if request.path in ("/state", "/channel"):
            user = self._content.user(query.get("user"))
            if request.path == "/state":
                return _json(self._content.state(user))
            channel = self._content.channel(query.get("channel"), user)
            return _json(self._content.open(channel, user, zone(query.get("tz"))))
        if request.path == "/icon.svg":
            drawn = NEWSPAPER.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
            return web.Response(text=drawn, content_type="image/svg+xml", headers=HEADERS)
        if request.path == _PICTURE:
            file = self._pictures(query.get("url", "")) if self._pictures is not None else None
            if file is None or file.suffix not in _TYPES:
                return _json({"error": "There is no such picture."}, 404)
            return web.Response(body=file.read_bytes(), content_type=_TYPES[file.suffix], headers=HEADERS)
        name = _FILES.get(request.path)
        if name is None:
            return _json({"error": "There is no such page."}, 404)
        return web.Response(text=_file(name), content_type=_TYPES[Path(name).suffix], charset="utf-8", headers=HEADERS)

    def _picture_source(self, url: str) -> str | None:
        assert self._pictures is not None
        return None if self._pictures(url) is None else f"{_PICTURE}?{urlencode({'url': url})}"

    async def _do(self, request: web.BaseRequest) -> web.Response:
        action = self._actions.by_path.get(request.path)
        if action is None:
            return _json({"error": "There is no such page."}, 404)
        try:
            body = json.loads(await request.read())
        except ValueError:
            raise Impossible("this is no JSON") from None
        if not isinstance(body, dict):
            raise Impossible("this is no JSON object")
        return _json(await action(body, self._content.user(body.get("user"))))


@cache
def _file(name: str) -> str:
    return (_WEB / name).read_text(encoding="utf-8")


def _sentence(words: str) -> str:
    text = words[:1].upper() + words[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _json(body: Any, status: int = 200) -> web.Response:
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return web.Response(body=text, status=status, content_type="application/json", charset="utf-8", headers=HEADERS)
