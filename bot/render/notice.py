"""Answers of one sentence."""

from __future__ import annotations

from bot.render import layout, limits
from bot.render.layout import Components
from bot.render.markdown import clip, sentence_of

_SENTENCE_CHARS = (limits.TEXT_CHARS - limits.MENTION_CHARS) // 2 - 100


def notice(sentence: str) -> Components:
    """Returns a sentence of ours that says what was done; it may hold markdown and marks, already escaped."""
    return [layout.container([layout.text(sentence)], layout.GREEN)]


def error_notice(sentence: str) -> Components:
    """Returns a sentence that says what went wrong and what to do; escaped here, as it may repeat what was typed."""
    return [layout.container([layout.text(sentence_of(clip(sentence, _SENTENCE_CHARS)) or "…")], layout.RED)]
