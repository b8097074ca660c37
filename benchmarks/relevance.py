"""Whether the search finds the article that a query was made from, beside other ways to search the same articles.

Queries are made from articles, always the same ones: title words, a pasted headline, a slip of the keyboard, a wrong
word, and paraphrases that were written by hand (those held out, before any of their answers was seen). Each is asked of
Broadsheet, of FTS5 (all words, any word), of tantivy (all, any, fuzzy) and of rapidfuzz over the titles. Broadsheet is
right where the story holds the article. What is tuned is tuned with `--half tune`; the tables are of the other half.
`python -m benchmarks.relevance sample/articles ../shared/corpus/coronavirus-history.jsonl.xz`
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sqlite3
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.relevance_peers import RANKS, Ask, Fts5, Tantivy, alike_titles
from digests.history import read_history
from digests.models import SearchRequest
from digests.service.corpus import CorpusService
from digests.service.search import SearchService
from digests.store.articles import ArticleStore
from digests.store.connection import Database
from digests.store.database_kinds import CORPUS
from digests.store.search import SearchStore
from digests.words import stem

QUERY_COUNT = 120
"""Of each class, and of each half."""
_HELPERS_LISTED = """
about after again also been being from have into just like more most much only over says some such than that
their them then there they this what when where which while who will with would your
"""
HELPERS = frozenset(_HELPERS_LISTED.split())
ABSENT = Path(__file__).parent / "absent_names.txt"
PARAPHRASES = Path(__file__).parent / "paraphrases.json"
NEIGHBOURS = dict(zip("aeioutnsrl", ("sq", "wr", "uo", "ip", "yi", "ry", "bm", "ad", "et", "k"), strict=True))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query and the article that it was made from."""

    query: str
    id: int


@dataclass(frozen=True, slots=True)
class Text:
    """An article as far as queries are made from it."""

    id: int
    title: str
    provider: str
    domain: str

    @property
    def words(self) -> list[str]:
        """Words of the title that say something."""
        return [word for word in re.findall(r"[^\W_]+", self.title.lower()) if len(word) > 3 and word not in HELPERS]


class Queries:
    """The classes of queries of one half of a corpus."""

    def __init__(
        self,
        texts: Sequence[Text],
        half: str,
        paraphrases: dict[str, str],
        held_out: dict[str, str],
        seed: int = 11,
    ) -> None:
        self._chance = random.Random(seed)
        self._counts = Counter(word for text in texts for word in set(text.words))
        self._all_words = sorted(self._counts)
        chosen = [text for text in texts if (zlib.crc32(text.title.encode()) & 1) == (half == "report")]
        self._texts = self._chance.sample(chosen, len(chosen))
        by_title = {text.title: text.id for text in texts}
        self.classes = {
            "two rare title words": self._made(self._two_rare),
            "four title words shuffled": self._made(self._shuffled),
            "whole headline pasted": self._made(lambda text: text.title),
            "provider + rare word": self._made(self._provider),
            "inflected word + word": self._made(self._inflected),
            "last word cut (typing)": self._made(self._cut),
            "one of four words wrong": self._made(self._wrong),
            "paraphrase by hand": _asked(paraphrases, by_title),
            "paraphrase, held out": _asked(held_out, by_title),
            "misspelt + right word": self._made(self._misspelt),
        }

    def _made(self, make: Callable[[Text], str | None]) -> list[Wanted]:
        found: list[Wanted] = []
        for text in self._texts:
            if len(found) == QUERY_COUNT:
                break
            query = make(text)
            if query:
                found.append(Wanted(query, text.id))
        return found

    def _rarest(self, text: Text, count: int) -> list[str] | None:
        words = sorted(dict.fromkeys(text.words), key=lambda word: self._counts[word])
        return words[:count] if len(words) >= count else None

    def _drawn(self, text: Text, count: int) -> list[str] | None:
        words = list(dict.fromkeys(text.words))
        return self._chance.sample(words, count) if len(words) >= count else None

    def _two_rare(self, text: Text) -> str | None:
        words = self._rarest(text, 2)
        return " ".join(words) if words else None

    def _shuffled(self, text: Text) -> str | None:
        words = self._drawn(text, 4)
        return " ".join(words) if words else None

    def _provider(self, text: Text) -> str | None:
        words = self._rarest(text, 1)
        return f"{text.provider} {words[0]}" if words and text.provider else None

    def _inflected(self, text: Text) -> str | None:
        for word in text.words:
            if not word.isascii():
                continue
            for other in (word + "s", word + "ing", word + "ed", word.removesuffix("s"), word.removesuffix("ing")):
                rest = [held for held in text.words if held != word]
                if other != word and stem(other) == stem(word) and rest:
                    return f"{other} {self._chance.choice(rest)}"
        return None

    def _cut(self, text: Text) -> str | None:
        words = self._drawn(text, 2)
        if not words:
            return None
        return f"{words[0]} {words[1][: max(3, len(words[1]) * 2 // 3)]}"

    def _wrong(self, text: Text) -> str | None:
        words = self._drawn(text, 4)
        if not words:
            return None
        other = self._chance.choice(
            [word for word in self._chance.sample(self._all_words, 9) if word not in text.words]
        )
        words[self._chance.randrange(4)] = other
        return " ".join(words)

    def _misspelt(self, text: Text) -> str | None:
        words = self._drawn(text, 2)
        long = [word for word in words or () if len(word) > 4 and word.isascii() and word.isalpha()]
        if not words or not long:
            return None
        typed = self._slip(long[0])
        if typed in self._counts:
            return None
        return " ".join(typed if word == long[0] else word for word in words)

    def _slip(self, word: str) -> str:
        place = self._chance.randrange(1, len(word) - 1)
        kind = self._chance.randrange(4)
        if kind == 0:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        if kind == 1:
            return word[:place] + word[place + 1 :]
        if kind == 2:
            return word[:place] + word[place] + word[place:]
        return word[:place] + self._chance.choice(NEIGHBOURS.get(word[place], "e")) + word[place + 1 :]


def _asked(paraphrases: dict[str, str], by_title: dict[str, int]) -> list[Wanted]:
    return [Wanted(query, by_title[title]) for query, title in paraphrases.items() if title in by_title]


# --------------------------------------------------------------------------- the run


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of queries whose article came first, among five and ten; mean of 1 / place."""

    at_one: float
    at_five: float
    at_ten: float
    mrr: float

    def __str__(self) -> str:
        recall = "/".join(f"{share:.2f}".removeprefix("0") for share in (self.at_one, self.at_five, self.at_ten))
        return f"{recall} {self.mrr:.2f}".replace(" 0.", " .")


async def judged(queries: Sequence[Wanted], ask: Ask, *, missed: list[str] | None = None) -> Quality:
    """Ask every query."""
    places: list[int] = []
    for wanted in queries:
        found = await ask(wanted.query)
        place = next((number for number, ids in enumerate(found[:RANKS], 1) if wanted.id in ids), 0)
        places.append(place)
        if place != 1 and missed is not None:
            missed.append(f"{place or '-'}\t{wanted.query}")
    count = max(len(places), 1)
    within = [sum(0 < place <= most for place in places) / count for most in (1, 5, RANKS)]
    return Quality(*within, sum(1 / place for place in places if place) / count)


async def measure(corpus: Path, half: str, only: str, *, peers: bool, show: bool) -> None:
    """Print the table of one corpus."""
    with tempfile.TemporaryDirectory() as folder:
        files = _files(corpus, Path(folder))
        database = await Database.open(Path(folder) / "corpus.db", CORPUS)
        asking = await Database.open(Path(folder) / "corpus.db", CORPUS, reader_count=2)
        try:
            articles = ArticleStore(database)
            await CorpusService(articles, [files]).load(now=datetime.now().astimezone())
            direct = sqlite3.connect(Path(folder) / "corpus.db")
            rows = direct.execute(
                "SELECT id, title, excerpt, body, provider, topics, related FROM articles ORDER BY id"
            ).fetchall()
            texts = [
                Text(*row)
                for row in direct.execute(
                    "SELECT id, title, COALESCE(provider_name, ''), COALESCE(provider_domain, '')"
                    " FROM articles ORDER BY id"
                )
            ]
            newest = direct.execute("SELECT MAX(published_at) FROM articles").fetchone()[0]
            direct.close()
            now = datetime.fromtimestamp(newest).astimezone() + timedelta(hours=1)
            # What is judged is the order, not the machine's other work.
            service = SearchService(articles, SearchStore(asking, time_limit_s=60))
            await service.refresh()

            async def ours(query: str) -> list[set[int]]:
                answer = await service.search(SearchRequest(query), now=now, limit=RANKS)
                return [{story.lead.id, *(article.id for article in story.folded)} for story in answer.stories]

            ways: dict[str, Ask] = {"ours": ours}
            if peers:
                tantivy = Tantivy(rows)
                ways |= {
                    "FTS5 all": Fts5(rows, joined=" ").ask,
                    "FTS5 any": Fts5(rows, joined=" OR ").ask,
                    "tantivy all": tantivy.way(all_words=True),
                    "tantivy any": tantivy.way(all_words=False),
                    "tantivy fuzzy": tantivy.way(all_words=False, fuzzy=True),
                    "rapidfuzz": alike_titles({text.id: text.title for text in texts}),
                }
            name = corpus.name.split("-history")[0] if "-history" in corpus.name else corpus.name
            name = corpus.parent.name if name == "articles" else name
            hand = json.loads(PARAPHRASES.read_text("utf-8"))
            queries = Queries(texts, half, hand.get(name, {}), hand.get(f"{name} held out", {}))
            print(f"\n### {name}, {len(texts):,} articles ({half} half)\n")
            print("| kind of query | " + " | ".join([*ways, "best peer"]) + " |")
            print("| --- |" + " --- |" * (len(ways) + 1))
            for kind, asked in queries.classes.items():
                if only not in kind or not asked:
                    continue
                missed: list[str] = []
                began = time.process_time()
                results = {"ours": await judged(asked, ours, missed=missed)}
                took = (time.process_time() - began) / len(asked) * 1000
                results |= {way: await judged(asked, ask) for way, ask in ways.items() if way != "ours"}
                best = max((result.mrr for way, result in results.items() if way != "ours"), default=0.0)
                cells = [f"{kind} ({len(asked)})", *map(str, results.values()), f"{best:.2f}"]
                print("| " + " | ".join(cells) + " |", flush=True)
                if show:
                    print(f"  {took:.1f} ms\n  " + "\n  ".join(missed[:40]))
            await _false_corrections(service, texts, now, show=show)
        finally:
            await asking.close()
            await database.close()


async def _false_corrections(service: SearchService, texts: Sequence[Text], now: datetime, *, show: bool) -> None:
    """Print how many names that the corpus does not hold are answered with another word's stories."""
    names = [name for name in ABSENT.read_text("utf-8").split("\n") if name and not name.startswith("#")]
    asked, wrong = 0, []
    for name in names:
        answer = await service.search(SearchRequest(f'"{name}"'), now=now, limit=1)
        if answer.total:
            continue
        for typed in (name, name.lower()):
            asked += 1
            answer = await service.search(SearchRequest(typed), now=now, limit=1)
            if answer.stories:
                wrong.append(f"{typed} → {answer.corrected_query}")
    print(f"\nFalse corrections: {len(wrong)} of {asked} ({len(wrong) / max(asked, 1):.1%})")
    if show:
        print("  " + "\n  ".join(wrong))


def _files(corpus: Path, folder: Path) -> Path:
    """Return a folder of files: the corpus itself, or the last state of a recorded history."""
    if corpus.is_dir():
        return corpus
    last: dict[str, str] = {}
    for revision in read_history(corpus):
        for path, text in revision.changes:
            if text is None:
                last.pop(path, None)
            else:
                last[path] = text
    for path, text in last.items():
        file = folder / "files" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", errors="surrogatepass", newline="")
    return folder / "files"


def main() -> None:
    """Read which corpora to measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+", help="a folder of articles, or a recorded history")
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--only", default="", help="only classes whose name holds this")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    parser.add_argument("--show", action="store_true", help="show the queries whose article did not come first")
    arguments = parser.parse_args()
    for corpus in arguments.corpus:
        asyncio.run(measure(corpus, arguments.half, arguments.only, peers=not arguments.alone, show=arguments.show))


if __name__ == "__main__":
    main()
