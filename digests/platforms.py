"""Platforms with many publishers: there the publisher is the name on the article, not the domain. Pure."""

from __future__ import annotations

PLATFORMS = frozenset(
    {
        "bilibili.com", "blogger.com", "blogspot.com", "bsky.app", "dailymotion.com", "dev.to", "facebook.com",
        "flipboard.com", "ghost.io", "hashnode.dev", "instagram.com", "kick.com", "linkedin.com", "livejournal.com",
        "mastodon.social", "medium.com", "msn.com", "news.google.com", "newsbreak.com", "nicovideo.jp", "note.com",
        "odysee.com", "patreon.com", "podcasts.apple.com", "qiita.com", "reddit.com", "rumble.com", "smartnews.com",
        "soundcloud.com", "spotify.com", "substack.com", "t.me", "threads.net", "tiktok.com", "tumblr.com",
        "twitch.tv", "twitter.com", "vimeo.com", "vk.com", "weibo.com", "wordpress.com", "x.com", "youtu.be",
        "youtube.com", "zenn.dev", "zhihu.com",
    }
)  # fmt: skip
LEAST_NAMES = 5
"""A platform's articles have at least this many different names."""
MOST_SHARE = 0.5
"""A platform's most common name is on at most this share of its articles."""


def is_platform(domain: str, name_count: int, named_count: int, article_count: int) -> bool:
    """Check whether a domain is a platform with many publishers.

    Args:
        domain: Without `www.`.
        name_count: How many different names its articles have.
        named_count: How many articles have the most common name.
        article_count: How many articles there are.
    """
    if domain in PLATFORMS:
        return True
    return name_count >= LEAST_NAMES and named_count <= MOST_SHARE * article_count
