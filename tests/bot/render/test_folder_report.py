"""Sentences say what the articles of a folder lack, and what to do."""

from bot.render import folder_report
from digests.models import FolderSummary


def test_what_the_articles_of_a_folder_lack_is_said_with_what_to_do() -> None:
    summary = FolderSummary("/x", 755, 754, 755, 3, ("a.md", "b.md", "c.md"), unread=((".org", 47),))
    first, second = folder_report.sentences([summary])
    assert first == (
        "755 articles: 754 have no date, so no digest will ever hold them: a.md, b.md, c.md, …; "
        "none has an address: set corpus.sources.url to the site's address."
    )
    assert second == "47 files of these endings were not read: .org"
    assert folder_report.lacks_all(summary)


def test_a_folder_that_lacks_nothing_is_not_spoken_of() -> None:
    assert folder_report.sentences([FolderSummary("/x", 5)]) == []
    assert folder_report.sentences([FolderSummary("/x")]) == []
    assert not folder_report.lacks_all(FolderSummary("/x", 5, 4, 4))
