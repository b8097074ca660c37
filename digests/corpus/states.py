"""Decides whether an article is public: drafts, hidden and withdrawn ones are shown to nobody."""

from __future__ import annotations

import re

from digests.corpus.site import Site
from digests.corpus.values import as_switch, as_text, names_in
from digests.corpus.vocabulary import DRAFTS, HIDDEN, PUBLISHERS, SHOWN, STATES, Vocabulary, folded
from digests.i18n import _

# The name of a draft in Medium's export; `draft_picks.html` is an article.
_MEDIUM_DRAFT = re.compile(r"(?:.*/)?draft_.*-[0-9a-f]{9,12}\.html")
_DRAFT_STATES = frozenset(
    ["draft", "drafts", "wip", "unpublished", "pending", "scheduled", "unlisted", "inprogress", "idea", "todo"]
)
_HIDDEN_STATES = frozenset(["private", "hidden", "archived", "trash", "deleted", "withdrawn", "skip", "internal"])
_PUBLISHERS = frozenset(folded(name) for name in PUBLISHERS)


def left_out(words: Vocabulary, path: str, site: Site, *, is_block: bool) -> str:
    """Return why an article is not public, or "" if it is.

    Args:
        words: The file's fields.
        path: Its path; files in `_drafts` are drafts.
        site: May allow drafts.
    is_block: The fields are a metadata block, where Nikola has `draft` among the tags.
    """
    for name, _place, value in words.each(HIDDEN):
        if as_switch(value):
            return _("{name} is set").format(name=name)
    for _name, _place, value in words.each(STATES):
        if _state(value) in _HIDDEN_STATES:
            return _("its status is {status}").format(status=_state(value))
    published = words.get("published")
    if published is not None and as_switch(published[1]) is False and not any(name in words for name in _PUBLISHERS):
        return _("it is withdrawn (published: false)")
    if site.drafts:
        return ""
    if "/_drafts/" in f"/{path}" or _MEDIUM_DRAFT.fullmatch(path) is not None:
        return _("a draft")
    for _name, _place, value in words.each(DRAFTS):
        if as_switch(value):
            return _("a draft")
    for _name, _place, value in words.each(SHOWN):
        if as_switch(value) is False:
            return _("a draft")
    for _name, _place, value in words.each((*STATES, "published", "publish")):
        if _state(value) in _DRAFT_STATES:
            return _("a draft")
    if is_block:
        tags = words.get("tags")
        if tags is not None and any(
            name.lower() in {"draft", "private"} for name in names_in(tags[1], at_spaces=False)
        ):
            return _("a draft")
    return ""


def _state(value: object) -> str:
    return folded((as_text(value) or "")[:40])
