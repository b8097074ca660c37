"""Wraps yaml-rs, the fast YAML parser. Import it only in a process's main thread, and only where it parses.

Its allocator crashes the process if the thread that loaded it ends before others use it.
"""

from __future__ import annotations

import re

import yaml_rs

from digests.corpus.problems import Unreadable
from digests.i18n import _

MAX_REPLAYED = 20_000
"""How many events aliases may repeat in one file: no sample has an alias, a bomb has billions."""
MAX_ALIAS_DEPTH = 64

_LINE = re.compile(r"line (\d+), column \d+")
_ALIAS_LIMITS = yaml_rs.AliasLimits(max_total_replayed_events=MAX_REPLAYED, max_replay_stack_depth=MAX_ALIAS_DEPTH)


class Disputable(Unreadable):
    """yaml-rs rejects text that other parsers might accept."""


def parse(text: str) -> object:
    """Parse a YAML document that is safe to parse; dates stay text.

    Raises:
        Unreadable: Its aliases expand too much.
        Disputable: This parser rejects it.
    """
    try:
        return yaml_rs.loads(text, parse_datetime=False, alias_limits=_ALIAS_LIMITS)
    except yaml_rs.YAMLDecodeError as error:
        message = str(error)
    found = _LINE.search(message)
    line = int(found[1]) if found else None
    if "alias" in message:
        raise Unreadable(line, _("the front matter expands far too many aliases"))
    # Only the last line of the message: the others quote the file.
    detail = message.rstrip().rpartition("\n")[2][:200]
    raise Disputable(line, _("the front matter is not valid YAML: {detail}").format(detail=detail))
