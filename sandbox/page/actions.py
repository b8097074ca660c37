"""Carries out what a person does on the page, with the driver and the real gateway."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Final

from sandbox.driver.reply import Impossible, Modal, Reply
from sandbox.driver.sandbox import Sandbox
from sandbox.entities import Channel, Payload, User
from sandbox.html import render_modal
from sandbox.page.content import PageContent, Unknown
from sandbox.page.controls import Controls
from sandbox.page.zones import zone

Body = dict[str, Any]
Action = Callable[[Body, User], Awaitable[Payload]]

# Forms left open in forgotten tabs are dropped, oldest first.
OPEN_FORMS: Final = 50
# A little past the due minute, so that it is certainly due.
DUE_MARGIN_S: Final = 1.0
MAX_HOURS: Final = 24.0 * 31

_TEXT_INPUT, _RADIO_GROUP, _CHECKBOX = 4, 21, 23


class Actions:
    """Acts as one of the world's people; each method takes a request's body."""

    def __init__(self, sandbox: Sandbox, content: PageContent, controls: Controls | None) -> None:
        self._sandbox = sandbox
        self._content = content
        self._controls = controls
        self._forms: OrderedDict[str, Modal] = OrderedDict()
        self.by_path: dict[str, Action] = {
            "/command": self._command,
            "/autocomplete": self._autocomplete,
            "/menu": self._menu,
            "/install": self._install,
            "/press": self._press,
            "/select": self._select,
            "/submit": self._submit,
            "/say": self._say,
            "/dismiss": self._dismiss,
            "/advance": self._advance,
        }

    async def _command(self, body: Body, user: User) -> Payload:
        channel = self._content.channel(body.get("channel"), user)
        options = _mapping(body, "options")
        reply = await self._sandbox.invoke(_command_name(body), options, member=user, channel=channel)
        return self._response(reply, channel, user, body)

    async def _autocomplete(self, body: Body, user: User) -> Payload:
        channel = self._content.channel(body.get("channel"), user)
        focused = _text(body, "option")
        options = _mapping(body, "options") | {focused: _text(body, "value")}
        choices = await self._sandbox.autocomplete(
            _command_name(body), options, focused=focused, member=user, channel=channel
        )
        return {"choices": [{"name": choice.name, "value": choice.value} for choice in choices]}

    async def _menu(self, body: Body, user: User) -> Payload:
        channel = self._content.channel(body.get("channel"), user)
        message = self._content.message(body.get("message"), channel, user)
        target = message.author if _text(body, "kind") == "user" else message
        reply = await self._sandbox.invoke_on(target, _text(body, "name"), member=user, channel=channel)
        return self._response(reply, channel, user, body)

    async def _install(self, body: Body, user: User) -> Payload:
        if body.get("on") is True:
            self._sandbox.install_for(user)
        else:
            self._sandbox.uninstall_for(user)
        return {}

    async def _press(self, body: Body, user: User) -> Payload:
        channel = self._content.channel(body.get("channel"), user)
        message = self._content.message(body.get("message"), channel, user)
        reply = await self._sandbox.click(message, custom_id=_text(body, "custom_id"), member=user)
        return self._response(reply, channel, user, body)

    async def _select(self, body: Body, user: User) -> Payload:
        channel = self._content.channel(body.get("channel"), user)
        message = self._content.message(body.get("message"), channel, user)
        values = _texts(body.get("values"))
        reply = await self._sandbox.select(message, _text(body, "custom_id"), values, member=user)
        return self._response(reply, channel, user, body)

    async def _submit(self, body: Body, user: User) -> Payload:
        form = self._forms.get(_text(body, "modal"))
        if form is None:
            raise Unknown("This form is no longer open.")
        given = _mapping(body, "values")
        values: Body = {}
        for component in form.inputs():
            filled = _texts(given.get(component["custom_id"]))
            kind = component["type"]
            if kind == _TEXT_INPUT:
                values[component["custom_id"]] = filled[0] if filled else ""
            elif kind == _CHECKBOX:
                values[component["custom_id"]] = bool(filled)
            elif kind == _RADIO_GROUP:
                values[component["custom_id"]] = filled[0] if filled else None
            else:
                values[component["custom_id"]] = filled
        reply = await self._sandbox.submit(form, values, member=user)
        self._forms.pop(str(form.interaction.id), None)
        return self._response(reply, form.interaction.channel, user, body)

    async def _say(self, body: Body, user: User) -> Payload:
        channel = self._content.channel(body.get("channel"), user)
        text = _text(body, "text").strip()
        if not text or len(text) > 2000:
            raise Impossible("a message takes 1 to 2000 characters")
        self._sandbox.say(channel, user, text)
        return {}

    async def _dismiss(self, body: Body, user: User) -> Payload:
        channel = self._content.channel(body.get("channel"), user)
        message = self._content.message(body.get("message"), channel, user)
        if not message.ephemeral:
            raise Impossible("only a message that nobody else sees can be dismissed")
        self._sandbox.remove_message(message)
        return {}

    async def _advance(self, body: Body, _: User) -> Payload:
        if self._controls is None:
            raise Impossible("nobody moves the clock here")
        if body.get("due") is True:
            due = await self._controls.next_due()
            if due is None:
                raise Impossible("nothing is planned yet: subscribe a channel with /digest subscribe")
            wait_s = (due - self._controls.now()).total_seconds() + DUE_MARGIN_S
            await self._controls.advance(max(wait_s, 0.0) / 3600)
            return {}
        hours = body.get("hours")
        if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= MAX_HOURS:
            raise Impossible("the clock moves forward only, by up to a month")
        await self._controls.advance(float(hours))
        return {}

    def _response(self, reply: Reply, channel: Channel, user: User, body: Body) -> Payload:
        form = reply.modal
        if form is None:
            return {}
        ident = str(form.interaction.id)
        self._forms[ident] = form
        while len(self._forms) > OPEN_FORMS:
            self._forms.popitem(last=False)
        shape = {"custom_id": form.custom_id, "title": form.title, "components": form.components}
        markup = render_modal(shape, self._content.view(channel, user, zone(body.get("tz"))))
        return {"modal": {"id": ident, "html": markup}}


def _text(body: Body, key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise Impossible(f"{key!r} is missing")
    return value


def _command_name(body: Body) -> str:
    name = _text(body, "command").strip().lstrip("/")
    if not name.strip():
        raise Impossible("no command is named")
    return name


def _mapping(body: Body, key: str) -> Body:
    value = body.get(key)
    return dict(value) if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
