"""Sites that carry many publishers: there the name on the article says who published it, not the domain. Pure."""

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
"""A site under so many names"""
MOST_SHARE = 0.5
"""of which the commonest stands on no more than this share of its articles is a platform, whatever it is called."""


def is_platform(domain: str, name_count: int, named_count: int, article_count: int) -> bool:
    """Check whether a domain carries many publishers.

    Args:
        domain: Without `www.`.
        name_count: Under how many names its articles stand.
        named_count: How many of them under the commonest.
        article_count: How many there are.
    """
    if domain in PLATFORMS:
        return True
    return name_count >= LEAST_NAMES and named_count <= MOST_SHARE * article_count
