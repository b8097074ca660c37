"""Whether a file is out: drafts, hidden and withdrawn articles are nobody's to see."""

from __future__ import annotations

import re

from digests.corpus.site import Site
from digests.corpus.values import as_switch, as_text, names_in
from digests.corpus.vocabulary import BUILDS, DRAFTS, HIDDEN, PUBLISHERS, SHOWN, STATES, Vocabulary, folded
from digests.i18n import _

# Medium's export names a draft so; `draft_picks.html` is an article.
_MEDIUM_DRAFT = re.compile(r"(?:.*/)?draft_.*-[0-9a-f]{9,12}\.html")
_DRAFT_STATES = frozenset(
    ["draft", "drafts", "wip", "unpublished", "pending", "scheduled", "unlisted", "inprogress", "idea", "todo"]
)
_HIDDEN_STATES = frozenset(["private", "hidden", "archived", "trash", "deleted", "withdrawn", "skip", "internal"])
_UNBUILT = frozenset(["never", "false", "link"])
_PUBLISHERS = frozenset(folded(name) for name in PUBLISHERS)


def left_out(words: Vocabulary, path: str, site: Site, *, is_block: bool) -> str:
    """Return why an article is not out yet or no more, "" where it is out.

    Args:
        words: The file's fields.
        path: Its path; what lies in `_drafts` is a draft.
        site: May ask for drafts.
        is_block: The fields are a metadata block, where Nikola has `draft` among the tags.
    """
    for name, _place, value in words.each(HIDDEN):
        if as_switch(value):
            return _("{name} is set").format(name=name)
    for _name, _place, value in words.each(STATES):
        if _state(value) in _HIDDEN_STATES:
            return _("its status is {status}").format(status=_state(value))
    if "excalidrawplugin" in words or "kanbanplugin" in words:
        return _("a drawing or a board, no article")
    for name in BUILDS:
        built = words.get(name)
        if built is not None and isinstance(built[1], dict) and _state(built[1].get("render")) in _UNBUILT:
            return _("it has no page of its own ({name}: render)").format(name=name)
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
