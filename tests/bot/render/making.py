"""Values for rendering tests, made with as few words as a test needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from digests.models import (
    Article,
    Digest,
    Dropped,
    DropReason,
    Image,
    Join,
    JoinReason,
    LeftOut,
    LeftOutReason,
    Link,
    Provider,
    Score,
    Section,
    Story,
    Update,
    Window,
)

NOW = datetime(2020, 7, 8, 6, 0, tzinfo=UTC)

FORBES = Provider("Forbes", "forbes.com")
REUTERS = Provider("Reuters", "reuters.com")
NYT = Provider("New York Times", "nytimes.com")
VERGE = Provider("The Verge", "theverge.com")
WIRED = Provider("Wired", "wired.com")
PROVIDERS = (NYT, FORBES, REUTERS, VERGE, WIRED)


def an_article(title: str = "A headline", **given: Any) -> Article:
    """An article with an address made of its title."""
    slug = "-".join(title.lower().split())[:80]
    url = given.pop("url", f"https://www.nytimes.com/2020/07/07/technology/{slug}.html")
    defaults: dict[str, Any] = {
        "path": f"{slug}.md",
        "key": url or f"file:{slug}.md",
        "excerpt": "What happened, in two lines.",
        "provider": NYT,
        "topics": ("AI",),
        "quality": 80,
        "published_at": NOW - timedelta(hours=5),
    }
    return Article(title=title, url=url, **(defaults | given))


def a_link(number: int = 1, title: str | None = None, **given: Any) -> Link:
    """A link of a round-up; each number has an address of its own."""
    url = given.pop("url", f"https://www.forbes.com/sites/2020/07/06/related-story-number-{number}/")
    defaults: dict[str, Any] = {
        "key": url,
        "provider": PROVIDERS[number % len(PROVIDERS)],
        "published_at": NOW - timedelta(hours=9 + number),
        "quality": 60,
    }
    return Link(title=title if title is not None else f"Related story number {number}", url=url, **(defaults | given))


def a_story(lead: Article | None = None, *, links: int = 0, topic: str | None = "AI", **given: Any) -> Story:
    """A story; `links` makes a round-up of that many."""
    lead = lead or an_article()
    defaults: dict[str, Any] = {
        "folded": (),
        "joins": (),
        "roundup": tuple(a_link(number) for number in range(1, links + 1)),
        "providers": (lead.provider,) if lead.provider else (),
        "score": Score(78.4, 32.0, 5.5, 20.9, 20.0),
    }
    return Story(lead=lead, topic=topic, **(defaults | given))


def a_digest(*sections: tuple[str | None, Sequence[Story]], **given: Any) -> Digest:
    """A digest of 8 July 2020 in Berlin."""
    defaults: dict[str, Any] = {
        "local_date": date(2020, 7, 8),
        "timezone": "Europe/Berlin",
        "window": Window(NOW - timedelta(days=1), NOW),
    }
    return Digest(sections=tuple(Section(topic, tuple(stories)) for topic, stories in sections), **(defaults | given))


def a_full_digest() -> Digest:
    """A day as the sample corpora have them: long addresses, round-ups, an update, what was left out and dropped."""
    clearview = an_article(
        "Clearview AI Stops Offering Facial Recognition Technology in Canada",
        url="https://www.nytimes.com/reuters/2020/07/06/technology/06reuters-clearview-ai-canada.html",
        excerpt="TORONTO — Clearview AI has said it would no longer offer its facial recognition services in Canada, "
        "the country's privacy commissioner announced on Monday, in response to an ongoing investigation into the "
        "company by provincial and federal privacy ...",
        topics=("Computer Vision", "AI"),
        images=(Image("https://static01.nyt.com/newsgraphics/images/icons/defaultPromoCrop.png", 1200, 630),),
    )
    invisalign = a_link(
        1,
        "My Invisalign app uses machine learning and facial recognition to sell the benefits of dental work",
        url="https://www.techrepublic.com/article/my-invisalign-app-uses-machine-learning-and-facial-recognition/",
        provider=Provider("TechRepublic", "techrepublic.com"),
    )
    market = a_link(
        2,
        "North America Facial Recognition Market 2020 Share, Trend, Segmentation And Forecast To 2024",
        url="https://www.marketwatch.com/press-release/north-america-facial-recognition-market-2020-share-trend",
        provider=Provider("MarketWatch", "marketwatch.com"),
    )
    picture = Image("https://images.example.com/story.jpg", 1280, 720)
    return a_digest(
        (
            "Computer Vision",
            (
                a_story(
                    clearview,
                    topic="Computer Vision",
                    roundup=(invisalign, market, *(a_link(number) for number in range(3, 13))),
                    providers=(NYT, REUTERS, FORBES, VERGE),
                    joins=(
                        Join(
                            "https://reuters.com/article/clearview-canada",
                            clearview.key,
                            JoinReason.SAME_TITLE,
                            "both say “Clearview AI Stops Offering”",
                        ),
                    ),
                ),
                a_story(
                    an_article(
                        "A camera that sees around corners",
                        images=(picture,),
                        provider=VERGE,
                        excerpt="Researchers at Stanford bounce light off a wall and read what comes back.",
                    ),
                    topic="Computer Vision",
                    update=Update(("Forbes",), tuple(a_link(number) for number in range(20, 23))),
                    providers=(VERGE, FORBES),
                    links=3,
                ),
            ),
        ),
        (
            "Power Apps",
            [
                a_story(
                    an_article(title, provider=provider, excerpt=excerpt, images=images), topic="Power Apps", links=n
                )
                for title, provider, excerpt, images, n in (
                    (
                        "Announcing the new solution import experience with connections and environment variables",
                        Provider("Microsoft", "microsoft.com"),
                        "Dataflow, canvas apps and flows move between environments with the values they need asked for "
                        "once, at import, instead of edited by hand in every single place that used them before.",
                        (picture,),
                        0,
                    ),
                    (
                        "As low-code competition grows, Microsoft integrates Power Apps with GitHub and Teams",
                        Provider("VentureBeat", "venturebeat.com"),
                        "Microsoft today announced a number of Power Platform updates at its Ignite conference ...",
                        (),
                        2,
                    ),
                    (
                        "Now in preview: Customize Teams with built-in Power Platform capabilities",
                        FORBES,
                        "",
                        (picture,),
                        0,
                    ),
                )
            ],
        ),
        (
            None,
            [
                a_story(an_article("Pin diode handles high-power apps", provider=WIRED), topic=None),
                a_story(
                    an_article("A town votes on its only bridge", provider=REUTERS, url=None, images=(picture,)),
                    topic=None,
                ),
            ],
        ),
        left_out=tuple(
            LeftOut(a_story(an_article(f"Left out story number {number}")), reason)
            for number, reason in enumerate((*LeftOutReason, *LeftOutReason), 1)
        ),
        dropped=tuple(
            Dropped(f"https://www.wired.com/story/dropped-{number}", f"Dropped article number {number}", reason)
            for number, reason in enumerate(DropReason, 1)
        ),
    )
