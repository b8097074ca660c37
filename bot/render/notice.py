"""Answers of one sentence."""

from __future__ import annotations

from bot.render import layout, limits
from bot.render.layout import Components
from bot.render.markdown import clip, sentence_of

_SENTENCE_CHARS = (limits.TEXT_CHARS - limits.MENTION_CHARS) // 2 - 100


def notice(sentence: str) -> Components:
    """Return a message that says what was done; the sentence may contain markdown, with text from outside escaped."""
    return [layout.container([layout.text(sentence)], layout.GREEN)]


def error_notice(*sentences: str) -> Components:
    """Return a message with sentences, one per line, that say what went wrong; escaped, as they may quote input."""
    room = _SENTENCE_CHARS // max(len(sentences), 1)
    lines = [line for sentence in sentences if (line := sentence_of(clip(sentence, room)))]
    return [layout.container([layout.text("\n".join(lines) or "…")], layout.RED)]
