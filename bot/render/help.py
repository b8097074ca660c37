"""The text of `/help`: every command with an example, and the query language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.render import layout, pieces
from bot.render.layout import Components
from bot.render.look import MASTHEAD_CHARS
from bot.render.markdown import clip, escape, plain
from digests.i18n import _
from digests.typed.suggestions import Examples

_EXAMPLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class _Entry:
    """One command: its full name without the slash, what it does, and an example."""

    name: str
    summary: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class HelpContext:
    """What the help depends on.

    Attributes:
        masthead: The paper's name.
        manager: The user may order digests for channels here, not only for themselves.
        operator: The user may use `/corpus`.
        examples: Examples of queries that find something in the current corpus.
        day: A day with news.
    """

    masthead: str = ""
    manager: bool = True
    operator: bool = False
    examples: Examples = field(default_factory=Examples)
    day: date = date(2021, 2, 4)


def render_help(command_ids: Mapping[str, int] | None = None, context: HelpContext | None = None) -> Components:
    """Return the commands with examples.

    Args:
        command_ids: Ids of the top-level commands by name, which make the names clickable; None for plain names.
        shown: What the help depends on.
    """
    ids, context = command_ids or {}, context or HelpContext()
    masthead = escape(clip(context.masthead, MASTHEAD_CHARS)) or _("The Daily Broadsheet")
    digests = (
        _listed(_("A digest for a channel"), _subscribing(context.day), ids) if context.manager else _for_yourself(ids)
    )
    body: Components = [
        layout.text(pieces.lines(f"# {masthead}", _introduction())),
        layout.separator(),
        layout.text(pieces.lines(_listed(_("Reading"), _reading(context), ids), *_one_press())),
        layout.separator(line=False),
        layout.text(digests),
    ]
    if context.operator:
        body += [layout.separator(line=False), layout.text(_listed(_("Running the corpus"), _running(), ids))]
    body += [layout.separator(), layout.text(pieces.lines(f"**{_('What a query understands')}**", *_query(context)))]
    return [layout.container(body)]


def _introduction() -> str:
    return _(
        "A daily paper from a folder of news: stories by topic, each with a round-up of related links."
        " Answers are for your eyes only unless you add `share:True`."
    )


def _reading(context: HelpContext) -> tuple[_Entry, ...]:
    word = _code(context.examples.words[0] if context.examples.words else _("recognition"))
    since = context.day.replace(day=1)
    latest = f"/latest topic:{_code(context.examples.topic)}" if context.examples.topic else ""
    return (
        _Entry("news", _("finds stories"), f"/news query:{word} since:{since} sort:newest"),
        _Entry("latest", _("shows the newest stories"), latest),
        _Entry("papers", _("shows which channels get a paper, and what you ordered for yourself")),
        _Entry("help", _("shows this page")),
    )


def _one_press() -> tuple[str, ...]:
    """Return what members can order without a command, and the entries of a message's menu."""
    return (
        "- "
        + _(
            "*Get this by DM* and *Follow a story* under a digest, *Tell me when there is more* under an answer:"
            " one press orders it, *Stop* ends it"
        ),
        "- " + _("In a message's menu (Apps): *Find this story*, and *Why is this here?* on a digest"),
    )


def _subscribing(day: date) -> tuple[_Entry, ...]:
    return (
        _Entry(
            "digest subscribe",
            _("sends a channel its digest; without options a panel opens"),
            "/digest subscribe channel:#news time:08:00 timezone:Europe/Berlin days:mon-fri",
        ),
        _Entry("digest list", _("shows the subscriptions here, and why one is paused")),
        _Entry("digest next", _("shows the next five due times")),
        _Entry("digest edit", _("changes a subscription")),
        _Entry("digest pause", _("pauses a subscription")),
        _Entry("digest resume", _("resumes it")),
        _Entry("digest unsubscribe", _("ends it")),
        _Entry(
            "digest preview", _("shows a digest, or why one is as it is"), f"/digest preview date:{day} explain:True"
        ),
        _Entry("digest now", _("sends this moment's edition early")),
    )


def _for_yourself(ids: Mapping[str, int]) -> str:
    how = _("{command} in a direct message to me sends you a digest of your own.").format(
        command=_name("digest subscribe", ids)
    )
    managers = _("To set one up for a channel, ask someone with the Manage Server permission.")
    return pieces.lines(f"**{_('A digest for yourself')}**", f"- {how}", pieces.small(managers))


def _running() -> tuple[_Entry, ...]:
    return (
        _Entry("corpus status", _("shows what is in the corpus")),
        _Entry("corpus problems", _("lists files that could not be read, and why")),
        _Entry("corpus reload", _("reads the folders again"), "/corpus reload force:True"),
    )


def _query(context: HelpContext) -> tuple[str, ...]:
    words = " ".join(
        map(_code, context.examples.words if len(context.examples.words) > 1 else (_("face recognition"),))
    )
    provider, topic = context.examples.provider or "nytimes.com", _code(context.examples.topic or "AI")
    named = f'"{topic}"' if " " in topic else topic
    first, following = context.day.replace(day=1), (context.day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (
        f"- `{words}` — {_('all of the words, in any form; if nothing has all of them, most of them')}",
        f'- `"{words}"` — {_("exactly this phrase")}',
        f"- `-{_('game')}` — {_('without the word')}; `{_('this OR that')}` — {_('either one (OR in capitals)')}",
        f"- `provider:{_code(provider)}` — {_('from one provider')}",
        f"- `topic:{named}` — {_('on one topic')}",
        f"- `title:{_('word')}` — {_('in the headline')}; `{_('clear')}*` — {_('any ending')}",
        f"- `after:{first} before:{following}` — {_('within dates')}; `{_('today')}` — {_('what is new')}",
        f"- `https://…` — {_('the story of the article at this address')}",
        f"-# {_('A misspelt word is corrected, and the answer says so.')}",
    )


def _code(words: str) -> str:
    """Return words of the corpus so that they can't end the code span around them."""
    return clip(plain(words), _EXAMPLE_CHARS).replace("`", "'")


def _listed(heading: str, entries: tuple[_Entry, ...], ids: Mapping[str, int]) -> str:
    lines = [f"**{heading}**"]
    for entry in entries:
        lines.append(f"- {_name(entry.name, ids)} {entry.summary}")
        if entry.example:
            lines.append(f"  `{entry.example}`")
    return "\n".join(lines)


def _name(name: str, ids: Mapping[str, int]) -> str:
    command_id = ids.get(name.partition(" ")[0])
    return f"</{name}:{command_id}>" if command_id else f"**/{name}**"
