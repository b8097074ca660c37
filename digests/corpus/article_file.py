"""What one file says: its fields under every name, as they are written, with remarks and where each came from.

Knows nothing of how an article is put together from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from digests.corpus import schema
from digests.corpus.front import Front
from digests.corpus.moments import quick_moment, read_moment, zone_named
from digests.corpus.schema import ArticleFields, Remarks, name_of
from digests.corpus.site import Site
from digests.corpus.values import distinct, names_in
from digests.corpus.vocabulary import DIALECT, PUBLISHERS, SINGULAR, TELLING, Vocabulary, folded
from digests.corpus.yaml import Lean, Path
from digests.i18n import _
from digests.models import Problem

MAX_NUMBER = 1_000_000

# The encrypted field of the samples, when a broken file leaves it outside the front matter.
_CIPHERTEXT = re.compile(r"(?mi)^[ \t]*[\"']?secured[\"']?[ \t]*[:=].*(?:\n[ \t]+\S.*)*$")


def without_ciphertext(text: str) -> str:
    """Take an encrypted field out that a broken file left in its body."""
    return _CIPHERTEXT.sub("", text) if "secured" in text else text


class ArticleFile:
    """A file's fields and body, for those who put an article together; collects remarks on the way."""

    def __init__(self, path: str, opened: Front, site: Site, *, explain: bool) -> None:
        self.path = path
        self.front = opened
        self.site = site
        self.remarks = Remarks()
        self.sources: dict[str, str] | None = {} if explain else None
        self.zone: tzinfo = zone_named(site.timezone) if site.timezone else UTC
        self._found_words: Vocabulary | None = None
        self.defaults: dict[str, object] = {}
        self.explains = explain
        self.origin = ""
        self.body = without_ciphertext(opened.body)
        self._lean: Lean | None = None

    def validated(self) -> ArticleFields:
        """Return the dialect's fields, and keep the others at hand where there are any."""
        written = self.front.fields or {}
        if self.site.defaults:
            from digests.corpus.permalinks import defaults_of

            self.defaults, self.origin = defaults_of(self.site, self.path)
        names = written.keys()
        self.is_publishers = not names.isdisjoint(PUBLISHERS)
        self.has_other_names = bool(self.defaults) or not self.is_publishers or not names <= DIALECT
        # Whether other names than the publisher's have to be asked at all; a missing field asks them in any case.
        self.is_wide = bool(self.defaults) or not self.is_publishers
        if not self.is_wide and self.has_other_names:
            self.is_wide = any(isinstance(name, str) and folded(name) in TELLING for name in names - DIALECT)
        fields = schema.validate_quickly(written)
        if fields is None:
            self.has_other_names = True
            fields = schema.validate(self._dialect_of(written), self.remarks, self.as_written)
        if not self.is_publishers:
            # Elsewhere it is a date, or means that the article is withdrawn.
            fields["published"] = True
        return fields

    def _dialect_of(self, written: dict[str, object]) -> dict[str, object]:
        """Return the fields without those that only have the dialect's names: `published` a date, `category` a list."""
        taken = dict(written)
        for name in ("topics", "category"):
            if not isinstance(taken.get(name), str) and any(names_in(taken.get(name), at_spaces=False)):
                flat = [each for each in names_in(taken.pop(name), at_spaces=False) if each]
                if name == "topics":
                    taken[name] = flat
        if not self.is_publishers:
            taken.pop("published", None)
            for name in ("images", "provider", "type", "excerpt"):
                if isinstance(taken.get(name), (list, dict)):
                    del taken[name]
        if isinstance(taken.get("date"), dict):
            del taken["date"]
        return taken

    @property
    def words(self) -> Vocabulary:
        """Every field under its folded name, for those who ask: most of the publisher's files never do."""
        if self._found_words is None:
            self._found_words = Vocabulary(self.front.fields or {}, self.defaults)
        return self._found_words

    def note_source(self, field: str, source: str) -> None:
        """Note which field of the file one of the article's comes from, for those who want it explained."""
        if self.sources is not None:
            self.sources.setdefault(field, (self.front.labels or {}).get(source, source))

    def label(self, name: str, place: Path) -> str:
        """Name a field as the file does, and the file that gives it where it is not this one."""
        label = (self.front.labels or {}).get(name) or name_of(place)
        return f"{label} of {self.origin}" if name in self.words.default_names else label

    def as_written(self) -> dict[str, object] | None:
        """Return the fields with every value as the text that stands in the file."""
        lean = self._lean = self._lean or self.front.lean()
        return lean.data if lean is not None and isinstance(lean.data, dict) else None

    def spelled(self, place: Path, value: object) -> object:
        """Return a value with its numbers as they are written: a tag `1.10` is no 1.1."""
        is_typed = isinstance(value, (int, float)) or (
            isinstance(value, list) and any(isinstance(each, (int, float)) for each in value)
        )
        if not is_typed or not self.front.is_yaml:
            return value
        holder: object = self.as_written()
        for part in place:
            holder = holder.get(part) if isinstance(holder, dict) else None
        return value if holder is None else holder

    def names(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return what several fields hold, one after the other."""
        at_spaces = self.front.kind not in {"block", "page"} and self.site.generator in {"", "jekyll", "hexo"}
        found: list[str] = []
        for name, place, value in self.words.each(tuple(names)):
            splits = at_spaces and name not in SINGULAR and name != "topics"
            found += names_in(self.spelled(place, value), at_spaces=splits)
        return distinct(found)

    def moment(self, place: Path, written: str | None) -> datetime | None:
        """Read a date, aware UTC; what is no possible one is remarked on."""
        if not written or not written.strip():
            return None
        quick = quick_moment(written)
        if quick is not None:
            return quick
        moment = read_moment(written, self.zone)
        if moment is None:
            self.remarks.add(place, _("{field} is no possible date and is left out").format(field=name_of(place)))
            return None
        if moment.remark:
            self.remarks.add(place, f"{name_of(place)} {moment.remark}")
        return moment.at

    def number(self, path: Path, value: int | None) -> int | None:
        """Return a number that can be meant; an absurd one is remarked on."""
        if value is None or value < 0:
            return None
        if value > MAX_NUMBER:
            self.remarks.add(path, _("{field} can't be understood and is left out").format(field=name_of(path)))
            return None
        return value

    def problems(self) -> tuple[Problem, ...]:
        """Return what was found wrong with the file, none of which keeps its article out."""
        made = [Problem(self.path, line, reason, rejected=False) for line, reason in self.front.remarks]
        found = self.remarks.found
        if found:
            self.as_written()
            made += [Problem(self.path, self._line_of(path), reason, rejected=False) for path, reason in found]
        if self.remarks.left_out_count:
            reason = _("{count} more remarks on this file").format(count=self.remarks.left_out_count)
            made.append(Problem(self.path, None, reason, rejected=False))
        return tuple(made)

    def _line_of(self, path: Path) -> int | None:
        if self._lean is not None:
            while path:
                line = self._lean.lines.get(path)
                if line is not None:
                    return self.front.first_line + line - 1
                path = path[:-1]
            return None
        # TOML, JSON and what libyaml may not see: the first line that opens with the outermost name.
        name = re.escape(str(path[0])) if path else ""
        match = re.search(rf"(?m)^[ \t,{{\[.]*[\"']?{name}\b", self.front.source) if name else None
        return self.front.first_line + self.front.source.count("\n", 0, match.end()) if match else None
