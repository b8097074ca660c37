"""Sentences for faults in a configuration: our own words, not a library's, and never with a secret in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from digests.i18n import _

_SHOWN_CHARS = 60
_LONGEST_NAME = 40
"""A longer file name in `discord.token_file` may be the token itself, which has fifty characters or more."""
_TOKEN = re.compile(r"[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}|(?<![\w./\\-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{50,}")
_SECRET_KEY = re.compile(r"(?i)token|secret|passw|api_?key")
_ASSIGNED = re.compile(r"^\s*(?P<key>[^=#\[]*?)\s*=\s*(?P<value>.*?)\s*$")
_POSITION = re.compile(r"at line (\d+), column (\d+)")


def where_tokens_go() -> str:
    """Return the sentence for a token in the wrong place; it never repeats the token."""
    return _(
        "a token doesn't belong in the configuration: set DISCORD_TOKEN, or put it alone into a file"
        " and name that file in discord.token_file"
    )


def is_secret(key: str, value: object = "") -> bool:
    """Check whether a key's name suggests a secret, or a value looks like a Discord token."""
    last = key.rpartition(".")[2]
    if last == "token_file":
        return holds_token(str(value)) or len(Path(str(value)).name) > _LONGEST_NAME
    # A topic may have any name.
    return (
        bool(_SECRET_KEY.search(key) and not key.startswith("topics.")) or holds_token(key) or holds_token(str(value))
    )


def holds_token(text: str) -> bool:
    """Check whether text contains what looks like a Discord token."""
    return _TOKEN.search(text) is not None


def redacted(text: str) -> str:
    """Return text with anything that looks like a token removed."""
    return _TOKEN.sub("…", text)


def shown_token_file(file: Path) -> str:
    """Return the token file's name for use in a sentence, unless the name itself may be a token."""
    return _("that discord.token_file names") if is_secret("discord.token_file", file) else str(file)


def sentence(detail: ErrorDetails, known_keys: Sequence[str]) -> str:
    """Return the sentence for one of pydantic's errors."""
    location = [str(part) for part in detail["loc"]]
    key = ".".join(part for part in location if not part.isdigit())
    kind = detail["type"]
    given = detail.get("input")
    if is_secret(key, given):
        shown_key = _("a key") if holds_token(key) else key
        return _("{key}: {advice}").format(key=shown_key, advice=where_tokens_go())
    if kind == "extra_forbidden":
        near = process.extractOne(key, known_keys, scorer=fuzz.ratio, score_cutoff=60)
        unknown = _("{key} is not a configuration key").format(key=key)
        return unknown + (_("; did you mean {near}?").format(near=near[0]) if near else "")
    return _("{key} = {given}: {reason}").format(key=key, given=_shown(given), reason=_reason(detail))


def unknown_variable(name: str) -> str:
    """Return the sentence for an environment variable that names no key."""
    if is_secret(name):
        return _("the environment variable {name}: {advice}").format(
            name=_("that contains a token") if holds_token(name) else name, advice=where_tokens_go()
        )
    return _("the environment variable {name} names no configuration key").format(name=name)


def _reason(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        said = str(context.get("error", ""))
        return said[:1].lower() + said[1:] if said[:2] != said[:2].upper() else said
    bounds = {
        "greater_than_equal": lambda: _("has to be at least {bound}").format(bound=context["ge"]),
        "greater_than": lambda: _("has to be more than {bound}").format(bound=context["gt"]),
        "less_than_equal": lambda: _("has to be at most {bound}").format(bound=context["le"]),
        "less_than": lambda: _("has to be less than {bound}").format(bound=context["lt"]),
        "string_too_short": lambda: _("must not be empty"),
        "string_too_long": lambda: _("has to have at most {bound} characters").format(bound=context["max_length"]),
        "literal_error": lambda: _("has to be one of {values}").format(values=str(context["expected"])),
        "enum": lambda: _("has to be one of {values}").format(values=str(context["expected"])),
    }
    if kind in bounds:
        return bounds[kind]()
    return _wanted().get(kind, _("is not a valid value for this key; config.example.toml shows one"))


def _wanted() -> dict[str, str]:
    """Return what a value has to be, by the type of pydantic's error."""
    whole = _("has to be a whole number")
    number = _("has to be a number")
    switch = _("has to be true or false")
    listed = _("has to be a list in brackets")
    text = _("has to be text in quotes")
    path = _("has to be a path in quotes")
    section = _("has to be a section of its own")
    return {
        "int_type": whole,
        "int_parsing": whole,
        "int_parsing_size": whole,
        "int_from_float": whole,
        "float_type": number,
        "float_parsing": number,
        "finite_number": number,
        "bool_type": switch,
        "bool_parsing": switch,
        "tuple_type": listed,
        "list_type": listed,
        "path_type": path,
        "string_type": text,
        "string_unicode": text,
        "string_pattern_mismatch": _("is not written correctly; config.example.toml shows how"),
        "model_type": section,
        "model_attributes_type": section,
        "dict_type": section,
        "mapping_type": section,
        "missing": _("is missing"),
    }


def _shown(given: object) -> str:
    text = redacted(repr(given))
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"


def toml_fault(text: str, error: str) -> str:
    """Say what is wrong with an invalid TOML file, judging by the line where the parser stopped.

    Args:
        text: The file.
        error: What the parser said; only its position is used.
    """
    found = _POSITION.search(error)
    lines = text.splitlines()
    if found is None:
        return _("a bracket or a quote that was opened is never closed")
    number = int(found[1])
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return _("line {number}: {fault}").format(number=number, fault=_line_fault(line, lines[: number - 1]))


def _line_fault(line: str, before: Iterable[str]) -> str:
    assigned = _ASSIGNED.match(line)
    if is_secret(line.partition("=")[0] if assigned else "", line) and "token_file" not in line:
        return where_tokens_go()
    if assigned is None:
        if line.lstrip().startswith("["):
            if any(one.split("#")[0].strip() == line.split("#")[0].strip() for one in before):
                return _("this section is in the file twice")
            return _("a section is written [name], alone on its line")
        if ":" in line:
            return _('a key and its value are separated by =, as in max_stories = 10, not by ":"')
        return _("this is neither a section ([name]) nor a key and its value (max_stories = 10)")
    key, value = assigned["key"], assigned["value"]
    if not value:
        return _("{key} has no value; leave the line out for the default").format(key=redacted(key)[:_SHOWN_CHARS])
    if any(one.split("=")[0].strip() == key for one in before if "=" in one) and value[0] in "\"'[0123456789tf":
        return _("{key} is in the file twice").format(key=redacted(key)[:_SHOWN_CHARS])
    if value[0] in "\"'" and "\\" in value:
        return _("a backslash in double quotes has to be doubled; in 'single quotes' it is just a backslash")
    if value[0] in "\"'[{":
        return _("a bracket or a quote is missing, or there is one too many")
    if value[0] == "#":
        return _("{key} has no value; leave the line out for the default").format(key=redacted(key)[:_SHOWN_CHARS])
    bare = redacted(value.split("#")[0].strip())[:_SHOWN_CHARS]
    return _('text and times have to be in quotes: {key} = "{value}"').format(
        key=redacted(key)[:_SHOWN_CHARS], value=bare
    )
