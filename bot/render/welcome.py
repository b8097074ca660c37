"""What the bot says when it joins a server."""

from __future__ import annotations

from bot.render import layout, pieces
from bot.render.layout import Components
from digests.i18n import _

SET_UP = "setup"
"""The custom_id of the button that opens the panel."""


def render_welcome() -> Components:
    """Return one short message: what the bot does, and a button to begin."""
    message = pieces.lines(
        _("I bring a daily paper to your channels: what is new, once, at a time you choose."),
        pieces.small(_("`/news` answers questions, `/papers` shows which channels get a paper.")),
    )
    begin = layout.button(_("Set up a paper here"), SET_UP, style=layout.PRIMARY)
    return [layout.container([layout.text(message), layout.row(begin)], layout.INK)]
