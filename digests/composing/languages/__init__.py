"""Word lists for the same-event test, one module per language.

To add a language, write a module like `english` and add it to `LANGUAGES`. Text in other languages works too: its
words are compared as written, and its how-tos and lists are taken for news.
"""

from digests.composing.languages.english import ENGLISH
from digests.composing.languages.french import FRENCH
from digests.composing.languages.german import GERMAN
from digests.composing.languages.language import Language
from digests.composing.languages.spanish import SPANISH

LANGUAGES: tuple[Language, ...] = (ENGLISH, FRENCH, GERMAN, SPANISH)

__all__ = ["LANGUAGES", "Language"]
