"""Answers of one sentence."""

from __future__ import annotations

from bot.render import layout, limits
from bot.render.layout import Components
from bot.render.markdown import clip, sentence_of

_SENTENCE_CHARS = (limits.TEXT_CHARS - limits.MENTION_CHARS) // 2 - 100


def notice(sentence: str) -> Components:
    """Return a sentence of ours that says what was done; it may hold markdown and marks, already escaped."""
    return [layout.container([layout.text(sentence)], layout.GREEN)]


def error_notice(*sentences: str) -> Components:
    """Return sentences, a line each, that say what went wrong and what to do; escaped, as they may repeat input."""
    room = _SENTENCE_CHARS // max(len(sentences), 1)
    lines = [line for sentence in sentences if (line := sentence_of(clip(sentence, room)))]
    return [layout.container([layout.text("\n".join(lines) or "…")], layout.RED)]
