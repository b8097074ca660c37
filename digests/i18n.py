"""Access to gettext: every sentence that a person reads is wrapped in `_()` or `ngettext()`.

English is the source language; catalogues named `broadsheet` under `locale_dir` add others.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

_language: ContextVar[str] = ContextVar("language", default="en")
_locale_dir = Path(__file__).with_name("locale")


@lru_cache(maxsize=64)
def _catalogue(language: str) -> gettext.NullTranslations:
    codes = [language.replace("-", "_"), language.partition("-")[0]]
    return gettext.translation("broadsheet", str(_locale_dir), languages=codes, fallback=True)


def use_language(language: str) -> None:
    """Set the current task's language (an IETF tag such as `de` or `pt-BR`); unknown ones fall back to English."""
    _language.set(language)


def current_language() -> str:
    """Return the current task's language."""
    return _language.get()


def _(message: str) -> str:
    """Return `message` in the current task's language."""
    return _catalogue(_language.get()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the right plural form for `count` in the current task's language; the caller formats `{count}`."""
    return _catalogue(_language.get()).ngettext(singular, plural, count)
