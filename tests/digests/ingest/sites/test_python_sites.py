"""Sites of Nikola and Pelican: fields beside a post, and topics from folders."""

from pathlib import Path

from tests.digests.ingest.sites.making import TEXT, Site


def test_nikolas_fields_may_stand_beside_the_post(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "conf.py": 'SITE_URL = "https://a.example"\nPOSTS = (("posts/*.txt", "news", "post.tmpl"),)\n',
            "posts/in/a.txt": TEXT,
            "posts/in/a.meta": ".. title: Ships\n.. slug: ships\n.. date: 2024-03-05 10:00 UTC\n.. tags: sea, port\n",
            "posts/b.txt": TEXT,
            "posts/b.meta": "Old Ships\nold-ships\n2012/08/17 10:10:03\nsea\n\nWhat it says.\n",
            "posts/c.txt": TEXT,
            "posts/c.meta": ".. title: Secret\n.. status: draft\n",
        },
    )
    first, second = site.article("posts/in/a.txt"), site.article("posts/b.txt")
    assert (first.title, first.url, first.topics) == ("Ships", "https://a.example/news/in/ships/", ("sea", "port"))
    assert str(first.published_at) == "2024-03-05 10:00:00+00:00"
    assert (second.title, second.url, second.excerpt) == (
        "Old Ships",
        "https://a.example/news/old-ships/",
        "What it says.",
    )
    assert site.reading("posts/c.txt").left_out


def test_a_folder_is_a_topic_of_pelicans_where_a_file_names_none(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "pelicanconf.py": "SITEURL = 'https://a.example'\nPATH = 'content'\nAUTHOR = 'Ann Port'\n",
            "content/sea trade/a.md": f"Title: A\nDate: 2024-03-05\n\n{TEXT}",
            "content/sea trade/b.md": f"Title: B\nDate: 2024-03-05\nTags: ports\nAuthor: Bob\n\n{TEXT}",
            "content/posts/c.md": f"Title: C\nDate: 2024-03-05\n\n{TEXT}",
        },
    )
    first, second = site.article("content/sea trade/a.md"), site.article("content/sea trade/b.md")
    assert (first.topics, first.authors) == (("sea trade",), ("Ann Port",))
    assert (second.topics, second.authors) == (("ports",), ("Bob",))
    assert site.article("content/posts/c.md").topics == ()
