"""Sentences say what the articles of a folder lack, and what to do."""

import pytest

from bot.render import folder_report
from digests.models import FolderSummary


def test_what_the_articles_of_a_folder_lack_is_said_with_what_to_do() -> None:
    summary = FolderSummary("/x", 755, 754, 755, 3, ("a.md", "b.md", "c.md"), unread=((".org", 47),))
    first, second = folder_report.sentences([summary])
    assert first == (
        "755 articles: 754 have no date, so no digest will ever include them: a.md, b.md, c.md, …; "
        "none has an address: set corpus.sources.url to the site's address."
    )
    assert second == "47 files with these extensions were not read: .org"
    assert folder_report.lacks_all(summary)


def test_a_single_article_is_not_called_none() -> None:
    (only,) = folder_report.sentences([FolderSummary("/x", 1, 1, 1, 1, ("a.md",))])
    assert only == (
        "1 article: it has no date, so no digest will ever include it: a.md; "
        "it has no address: set corpus.sources.url to the site's address; "
        "it has no topic, so it appears under Other news."
    )


def test_a_folder_that_lacks_nothing_is_not_mentioned() -> None:
    assert folder_report.sentences([FolderSummary("/x", 5)]) == []
    assert not folder_report.lacks_all(FolderSummary("/x", 5, 4, 4))


@pytest.mark.parametrize(
    ("summary", "advice"),
    [
        (FolderSummary("/x"), "put Markdown, HTML or feed files there, or name another folder"),
        (FolderSummary("/x", left_out=(("a draft", 5),)), "all are drafts, which a source with drafts = true loads"),
        (FolderSummary("/x", left_out=(("templates", 2), ("a draft", 1))), "name the folder that the posts are in"),
        (
            FolderSummary("/x", unread=((".org", 5),)),
            "convert the files to Markdown or HTML, or put the site's feed there",
        ),
    ],
)
def test_a_folder_without_articles_says_what_to_do(summary: FolderSummary, advice: str) -> None:
    assert folder_report.sentences([summary])[0] == f"No article was found: {advice}."
    assert folder_report.lacks_all(summary)
