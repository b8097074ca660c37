"""What `/help` says: every command with an example, and what a query understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.render import layout, pieces
from bot.render.layout import Components
from digests.i18n import _


@dataclass(frozen=True, slots=True)
class _Entry:
    """One command: its full name without the slash, what it does, and how it may be typed."""

    name: str
    summary: str
    example: str = ""


def render_help(command_ids: Mapping[str, int] | None = None, *, operator: bool = False) -> Components:
    """Returns the commands with examples.

    Args:
        command_ids: Discord's ids of the top-level commands by name, which make their names pressable; None for
            plain names.
        operator: Whether to list the commands for those who run the bot.
    """
    ids = command_ids or {}
    body: Components = [
        layout.text(pieces.lines(f"# {_('The Daily Broadsheet')}", _introduction())),
        layout.separator(),
        layout.text(_listed(_("Reading"), _reading(), ids)),
        layout.separator(line=False),
        layout.text(_listed(_("A digest for a channel"), _subscribing(), ids)),
    ]
    if operator:
        body += [layout.separator(line=False), layout.text(_listed(_("Running the corpus"), _running(), ids))]
    body += [layout.separator(), layout.text(pieces.lines(f"**{_('What a query understands')}**", *_query()))]
    return [layout.container(body)]


def _introduction() -> str:
    return _(
        "A daily paper from a folder of news: stories by topic, each with a round-up of related links."
        " Answers are for your eyes only unless you add `share:True`."
    )


def _reading() -> tuple[_Entry, ...]:
    return (
        _Entry("news", _("finds stories"), "/news query:clearview since:2020-07-01 sort:newest"),
        _Entry("latest", _("shows the newest stories"), "/latest topic:AI"),
        _Entry("help", _("shows this page")),
    )


def _subscribing() -> tuple[_Entry, ...]:
    return (
        _Entry(
            "digest subscribe",
            _("sends a channel its digest"),
            "/digest subscribe channel:#news time:08:00 timezone:Europe/Berlin days:mon-fri",
        ),
        _Entry("digest list", _("shows the subscriptions here, and why one is paused")),
        _Entry("digest next", _("shows the next five due times")),
        _Entry("digest edit", _("changes a subscription")),
        _Entry("digest pause", _("holds a subscription back")),
        _Entry("digest resume", _("goes on with it")),
        _Entry("digest unsubscribe", _("ends it")),
        _Entry(
            "digest preview", _("shows a digest without sending it"), "/digest preview date:2020-07-07 explain:True"
        ),
        _Entry("digest now", _("sends this moment's edition early")),
    )


def _running() -> tuple[_Entry, ...]:
    return (
        _Entry("corpus status", _("shows what the corpus holds")),
        _Entry("corpus problems", _("lists files that could not be read, and why")),
        _Entry("corpus reload", _("reads the folders again"), "/corpus reload force:True"),
    )


def _query() -> tuple[str, ...]:
    return (
        f"- `{_('face recognition')}` — {_('all of the words, in any form')}",
        f'- `"{_("face recognition")}"` — {_("the words side by side")}',
        f"- `-{_('game')}` — {_('without the word')}",
        f"- `provider:forbes.com topic:AI` — {_('from one provider, on one topic')}",
        f"- `after:2020-07-01 before:2020-08-01` — {_('within dates')}",
        f"-# {_('A misspelt word is put right, and the answer says so.')}",
    )


def _listed(heading: str, entries: tuple[_Entry, ...], ids: Mapping[str, int]) -> str:
    shown = [f"**{heading}**"]
    for entry in entries:
        shown.append(f"- {_name(entry.name, ids)} {entry.summary}")
        if entry.example:
            shown.append(f"  `{entry.example}`")
    return "\n".join(shown)


def _name(name: str, ids: Mapping[str, int]) -> str:
    command_id = ids.get(name.partition(" ")[0])
    return f"</{name}:{command_id}>" if command_id else f"**/{name}**"
