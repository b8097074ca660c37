"""The content of one file: its fields under all their names, as written, with remarks and the origin of each.

Knows nothing about how an article is built from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from digests.corpus import schema
from digests.corpus.front import Front
from digests.corpus.moments import quick_moment, read_moment, zone_named
from digests.corpus.schema import ArticleFields, Remarks, name_of
from digests.corpus.site import Site
from digests.corpus.values import distinct, names_in
from digests.corpus.vocabulary import CATEGORIES, DIALECT, PUBLISHERS, SINGULAR, TELLING, Vocabulary, folded
from digests.corpus.yaml import Path
from digests.i18n import _
from digests.models import Problem

if TYPE_CHECKING:
    from digests.corpus.lean_yaml import Lean

MAX_NUMBER = 1_000_000

# The encrypted field of the samples, if a broken file has it outside the front matter.
_CIPHERTEXT = re.compile(r"(?mi)^[ \t]*[\"']?secured[\"']?[ \t]*[:=].*(?:\n[ \t]+\S.*)*$")


def without_ciphertext(text: str) -> str:
    """Remove an encrypted field that a broken file has in its body."""
    return _CIPHERTEXT.sub("", text) if "secured" in text else text


class ArticleFile:
    """A file's fields and body, from which an article is built; collects remarks."""

    def __init__(self, path: str, front: Front, site: Site, *, explain: bool) -> None:
        self.path = path
        self.front = front
        self.site = site
        self.remarks = Remarks()
        self.sources: dict[str, str] | None = {} if explain else None
        self.zone: tzinfo = zone_named(site.timezone) if site.timezone else UTC
        self._found_words: Vocabulary | None = None
        self.defaults: dict[str, object] = {}
        self.explains = explain
        self.origin = ""
        self.body = without_ciphertext(front.body)
        self._lean: Lean | None = None
        self._categories: tuple[str, ...] | None = None

    def validated(self) -> ArticleFields:
        """Return the fields of the publisher's dialect, and keep the others if there are any."""
        written = self.front.fields or {}
        if self.site.defaults:
            from digests.corpus.permalinks import defaults_of

            self.defaults, self.origin = defaults_of(self.site, self.path)
        names = written.keys()
        self.is_publishers = not names.isdisjoint(PUBLISHERS)
        self.has_other_names = bool(self.defaults) or not self.is_publishers or not names <= DIALECT
        # Whether names outside the publisher's dialect matter at all; they are used for missing fields in any case.
        self.is_wide = bool(self.defaults) or not self.is_publishers
        if not self.is_wide and self.has_other_names:
            self.is_wide = any(isinstance(name, str) and folded(name) in TELLING for name in names - DIALECT)
        fields = schema.validate_quickly(written)
        if fields is None:
            self.has_other_names = True
            fields = schema.validate(self._dialect_of(written), self.remarks, self._dialect_as_written)
        if not self.is_publishers:
            # In other dialects it is a date, or says that the article is withdrawn.
            fields["published"] = True
        return fields

    def _dialect_as_written(self) -> dict[str, object] | None:
        written = self.as_written()
        return None if written is None else self._dialect_of(written)

    def _dialect_of(self, written: dict[str, object]) -> dict[str, object]:
        """Return the fields without those that only look like the dialect's: `published` a date, `category` a list."""
        taken = dict(written)
        for name in ("topics", "category"):
            value = taken.get(name)
            names = () if isinstance(value, str) else names_in(self.spelled((name,), value), at_spaces=False)
            flat = [each for each in names if each]
            if flat:
                del taken[name]
                if name == "topics":
                    taken[name] = flat
        if not self.is_publishers:
            taken.pop("published", None)
            for name in ("images", "provider", "type", "excerpt"):
                value = taken.get(name)
                # A provider's name and domain are found there; whatever else it has is passed over.
                if isinstance(value, list) or (isinstance(value, dict) and name != "provider"):
                    del taken[name]
        if isinstance(taken.get("date"), dict):
            del taken["date"]
        return taken

    @property
    def is_mdx(self) -> bool:
        """Whether braces in the body contain expressions; Docusaurus reads every file that way."""
        return self.path.endswith(".mdx") or self.site.generator == "docusaurus"

    @property
    def words(self) -> Vocabulary:
        """All fields under their folded names; computed on demand, as most files of the publisher don't need it."""
        if self._found_words is None:
            self._found_words = Vocabulary(self.front.fields or {}, self.defaults)
        return self._found_words

    def note_source(self, field: str, source: str) -> None:
        """Record which field of the file a field of the article comes from, for `broadsheet inspect`."""
        if self.sources is not None:
            self.sources.setdefault(field, (self.front.labels or {}).get(source, source))

    def label(self, name: str, place: Path) -> str:
        """Return a field's name as the file writes it, and the file it comes from if that is another one."""
        label = (self.front.labels or {}).get(name) or name_of(place)
        return f"{label} of {self.origin}" if name in self.words.default_names else label

    def as_written(self) -> dict[str, object] | None:
        """Return the fields with every value as the text in the file."""
        lean = self._lean = self._lean or self.front.lean()
        return lean.data if lean is not None and isinstance(lean.data, dict) else None

    def spelled(self, place: Path, value: object) -> object:
        """Return a value with its numbers as written: a tag `1.10` is not 1.1."""
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else (value,)
        is_typed = any(isinstance(each, (int, float)) for each in inner)
        if not is_typed or not self.front.is_yaml:
            return value
        holder: object = self.as_written()
        for part in place:
            holder = holder.get(part) if isinstance(holder, dict) else None
        return value if holder is None else holder

    def names(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names in several fields, one after the other."""
        at_spaces = self.front.kind not in {"block", "page"} and self.site.generator in {"", "jekyll", "hexo"}
        found: list[str] = []
        for name, place, value in self.words.each(tuple(names)):
            splits = at_spaces and name not in SINGULAR and name != "topics"
            found += names_in(self.spelled(place, value), at_spaces=splits)
        return distinct(found)

    @property
    def categories(self) -> tuple[str, ...]:
        """The file's categories, not its tags; most files need them twice, for the address and for themselves."""
        if self._categories is None:
            self._categories = self.names(CATEGORIES)
        return self._categories

    def moment(self, place: Path, written: str | None) -> datetime | None:
        """Parse a date to aware UTC; add a remark if it is impossible."""
        if not written or not written.strip():
            return None
        quick = quick_moment(written)
        if quick is not None:
            return quick
        moment = read_moment(written, self.zone)
        if self.is_publishers and written.strip().isdecimal() and len(written.strip()) != len("20240305"):
            moment = None  # the publisher's dates are not numbers
        if moment is None:
            self.remarks.add(place, _("{field} is not a possible date and is left out").format(field=name_of(place)))
            return None
        if moment.remark:
            self.remarks.add(place, f"{name_of(place)} {moment.remark}")
        return moment.at

    def number(self, path: Path, value: int | None) -> int | None:
        """Return a plausible number; add a remark on an absurd one."""
        if value is None or value < 0:
            return None
        if value > MAX_NUMBER:
            self.remarks.add(path, _("{field} can't be understood and is left out").format(field=name_of(path)))
            return None
        return value

    def problems(self) -> tuple[Problem, ...]:
        """Return the file's problems, none of which keeps its article out."""
        found = self.remarks.found
        if not found and not self.front.remarks:  # as for most files
            return ()
        made = [Problem(self.path, line, reason, rejected=False) for line, reason in self.front.remarks]
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
        # For TOML, JSON and what libyaml may not see: the first line that starts with the outermost name.
        name = re.escape(str(path[0])) if path else ""
        match = re.search(rf"(?m)^[ \t,{{\[.]*[\"']?{name}\b", self.front.source) if name else None
        return self.front.first_line + self.front.source.count("\n", 0, match.end()) if match else None
