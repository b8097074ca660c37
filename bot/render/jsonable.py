"""The JSON documents that `--json` prints, as plain dicts and lists. Their keys are a contract."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeAlias

from bot.render import wording
from digests.models import (
    Article,
    Digest,
    Dropped,
    Join,
    LeftOut,
    Link,
    LoadReport,
    Problem,
    Provider,
    Score,
    SearchAnswer,
    Section,
    Story,
    Update,
)

Json: TypeAlias = dict[str, Any]


def time_json(moment: datetime | None) -> str | None:
    """Return a time as `YYYY-MM-DDTHH:MM:SSZ`; None if unknown."""
    if moment is None:
        return None
    # Not strftime, which writes years before 1000 with fewer digits.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def provider_json(provider: Provider | None) -> Json | None:
    """Return a provider's name and domain; None when unknown."""
    return None if provider is None else {"name": provider.name, "domain": provider.domain}


def article_json(article: Article) -> Json:
    """Return an article; unknown values (excerpt, address, date) are None."""
    return {
        "title": article.title,
        "excerpt": article.excerpt or None,
        "url": article.url,
        "provider": provider_json(article.provider),
        "topics": list(article.topics),
        "published_at": time_json(article.published_at),
        "quality": article.quality,
        "heat": article.heat,
        "published": article.published,
        "path": article.path,
        "image": article.images[0].url if article.images else None,
        "authors": list(article.authors),
    }


def link_json(link: Link) -> Json:
    """Return one link of a round-up."""
    return {
        "title": link.title,
        "url": link.url,
        "provider": provider_json(link.provider),
        "published_at": time_json(link.published_at),
        "quality": link.quality,
    }


def story_json(story: Story, *, explain: bool = False) -> Json:
    """Return a story with its whole round-up; with `explain` the parts of its score and the joins too."""
    document: Json = {
        "lead": article_json(story.lead),
        "roundup": [link_json(link) for link in story.roundup],
        "roundup_count": len(story.roundup),
        "topic": wording.topic_name(story.topic),
        "score": _number(story.score.total),
        "update": None if story.update is None else _update_json(story.update),
        "folded": _folded_json(story),
        "also": [article_json(article) for article in story.also],
    }
    if explain:
        document["score_parts"] = _score_json(story.score)
        document["joins"] = [_join_json(join) for join in story.joins]
    return document


def digest_json(digest: Digest, *, explain: bool = False) -> Json:
    """Return a digest; with `explain` also each story's numbers, and what was left out or dropped and why."""
    document: Json = {
        "date": digest.local_date.isoformat(),
        "timezone": digest.timezone,
        "since": time_json(digest.window.since),
        "until": time_json(digest.window.until),
        "sections": [_section_json(section, explain=explain) for section in digest.sections],
        "story_count": digest.story_count,
        "left_out_count": len(digest.left_out),
    }
    if explain:
        document["left_out"] = [_left_out_json(left) for left in digest.left_out]
        document["dropped"] = [_dropped_json(dropped) for dropped in digest.dropped]
    return document


def search_json(answer: SearchAnswer) -> Json:
    """Return the stories found, their total number, and the corrected query if there is one."""
    return {
        "total": answer.total,
        "corrected_query": answer.corrected_query,
        "results": [story_json(story) | {"match": _match_json(story)} for story in answer.stories],
    }


def problem_json(problem: Problem) -> Json:
    """Return a problem; `line` counts from 1."""
    return {"path": problem.path, "line": problem.line, "reason": problem.reason}


def report_json(report: LoadReport) -> Json:
    """Return what a load did."""
    return {
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "rejected": report.rejected,
        "problems": [problem_json(problem) for problem in report.problems],
        "seconds": round(report.seconds, 3),
    }


def _folded_json(story: Story) -> list[Json]:
    joins = {join.article_key: join for join in story.joins}
    documents: list[Json] = []
    for article in story.folded:
        join = joins.get(article.key)
        documents.append(
            {
                "path": article.path,
                "title": article.title,
                "url": article.url,
                "reason": None if join is None else join.reason.value,
                "evidence": None if join is None else join.evidence,
            }
        )
    return documents


def _section_json(section: Section, *, explain: bool) -> Json:
    return {
        "topic": wording.section_name(section),
        "stories": [story_json(story, explain=explain) for story in section.stories],
    }


def _update_json(update: Update) -> Json:
    return {"new_providers": list(update.new_providers), "new_links": [link_json(link) for link in update.new_links]}


def _score_json(score: Score) -> Json:
    return {
        "total": _number(score.total),
        "quality": _number(score.quality),
        "heat": _number(score.heat),
        "recency": _number(score.recency),
        "corroboration": _number(score.corroboration),
    }


def _join_json(join: Join) -> Json:
    return {
        "article": join.article_key,
        "lead": join.lead_key,
        "reason": join.reason.value,
        "evidence": join.evidence,
    }


def _left_out_json(left: LeftOut) -> Json:
    return {"reason": left.reason.value, "story": story_json(left.story, explain=True)}


def _dropped_json(dropped: Dropped) -> Json:
    return {"key": dropped.key, "title": dropped.title, "reason": dropped.reason.value, "lead": dropped.lead_key}


def _number(value: float) -> float:
    return round(value, 4)


def _match_json(story: Story) -> Json:
    """Return the matching headline; without a query it is the story's own."""
    match = story.match
    if match is None:
        return {"title": story.lead.title, "url": story.lead.url, "path": story.lead.path}
    return {"title": match.title, "url": match.url, "path": match.path}
