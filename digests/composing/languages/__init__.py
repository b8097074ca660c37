"""What the test of "the same event" knows of languages: word lists as data, a module a language.

A further language is a module like `english` and its name in `LANGUAGES`. Text of a language that is not here works
too: its words are compared as they are written, and its how-tos and lists are taken for news.
"""

from digests.composing.languages.english import ENGLISH
from digests.composing.languages.french import FRENCH
from digests.composing.languages.german import GERMAN
from digests.composing.languages.language import Language
from digests.composing.languages.spanish import SPANISH

LANGUAGES: tuple[Language, ...] = (ENGLISH, FRENCH, GERMAN, SPANISH)

__all__ = ["LANGUAGES", "Language"]
