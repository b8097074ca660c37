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


def test_a_post_of_pelicans_in_another_language_has_the_address_of_that_language(tmp_path: Path) -> None:
    config = "SITEURL = 'https://a.example'\nPATH = 'content'\nDEFAULT_LANG = 'en'\nARTICLE_URL = 'blog/{slug}/'\n"
    files = {
        "pelicanconf.py": config,
        "content/a.md": f"Title: A\nLang: en\n\n{TEXT}",
        "content/b.md": f"Title: B\nLang: fr\n\n{TEXT}",
    }
    usual = Site(tmp_path / "usual", files)
    own = Site(tmp_path / "own", {**files, "pelicanconf.py": config + "ARTICLE_LANG_URL = '{lang}/{slug}/'\n"})
    assert usual.article("content/a.md").url == "https://a.example/blog/a/"
    assert usual.article("content/b.md").url == "https://a.example/b-fr.html"
    assert own.article("content/b.md").url == "https://a.example/fr/b/"


def test_pictures_that_pelican_copies_stay_where_they_lie(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        {
            "pelicanconf.py": "SITEURL = 'https://a.example'\nPATH = 'content'\n",
            "content/sea/a.md": "Title: A\nImage: {static}/images/a.png\n\nText.\n",
            "content/sea/b.md": "Title: B\n\n![x]({attach}b.png)\n\nText.\n",
        },
    )
    assert [image.url for image in site.article("content/sea/a.md").images] == ["https://a.example/images/a.png"]
    assert [image.url for image in site.article("content/sea/b.md").images] == ["https://a.example/sea/b.png"]


def test_posts_of_ablog_have_the_folders_that_it_builds(tmp_path: Path) -> None:
    config = (
        "extensions = ['ablog']\nblog_title = 'Port'\n"
        "blog_baseurl = 'https://a.example'\nblog_post_pattern = 'blog/*/*'\n"
    )
    site = Site(
        tmp_path,
        {
            "conf.py": config,
            "blog/2024/a.rst": f".. post:: Mar 5, 2024\n   :tags: sea\n\nHarbour\n=======\n\n{TEXT}",
            "about.rst": f"About\n=====\n\n{TEXT}",
            "_build/html/index.html": "<p>x</p>",
        },
    )
    assert site.articles() == {"blog/2024/a.rst"}
    article = site.article("blog/2024/a.rst")
    assert (article.url, article.topics) == ("https://a.example/blog/2024/a/", ("sea",))
    assert article.provider is not None
    assert article.provider.name == "Port"


def test_chapters_of_a_jupyter_book_are_pages(tmp_path: Path) -> None:
    config = "title: Port\nhtml:\n  baseurl: https://a.example/book\nexclude_patterns: [notes/*]\n"
    site = Site(
        tmp_path,
        {"_config.yml": config, "_toc.yml": "root: intro\n", "intro.md": f"# In\n\n{TEXT}", "notes/b.md": "# B\n\nx"},
    )
    assert site.articles() == {"intro.md"}
    assert site.article("intro.md").url == "https://a.example/book/intro.html"


def test_pelican_may_take_a_posts_date_and_name_from_the_files_name(tmp_path: Path) -> None:
    config = "SITEURL = 'https://a.example'\nPATH = 'content'\n"
    named = config + "FILENAME_METADATA = r'(?P<date>\\d{4}-\\d{2}-\\d{2})_(?P<slug>.*)'\n"
    files = {"content/2024-03-05_ships.md": f"Title: The harbour opens\n\n{TEXT}"}
    article = Site(tmp_path / "named", {**files, "pelicanconf.py": named}).article("content/2024-03-05_ships.md")
    assert article.url == "https://a.example/ships.html"
    assert str(article.published_at)[:10] == "2024-03-05"
    plain = Site(tmp_path / "plain", {**files, "pelicanconf.py": config}).article("content/2024-03-05_ships.md")
    assert plain.url == "https://a.example/the-harbour-opens.html"
