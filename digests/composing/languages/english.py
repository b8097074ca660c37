"""English."""

from __future__ import annotations

from digests.composing.languages.language import Language

ENGLISH = Language(
    code="en",
    stop_words=frozenset(
        """
        a an and are as at be been being but by can could did do does doing for from get gets getting had has have
        having he her here him his how i if in into is it its just like may might more most much must my new now of on
        once only or other our out over own said say says see she should so some such than that the their them then
        there these they this those through to too up us very via was we were what when where which while who why will
        with would you your after about ahead amid also am any because before both each even ever every me not no nor
        off s t re ve ll d m don isn doesn didn won wasn aren can't don't isn't doesn't didn't won't it's that's he's
        she's they're we're you're i'm i've we've let's there's what's here's who's during between under against again
        further same until yet still since around per others
        """.split()  # noqa: SIM905 - two hundred quoted words would be harder to read
    ),
    numbers={
        "two": "2",
        "three": "3",
        "four": "4",
        "five": "5",
        "six": "6",
        "seven": "7",
        "eight": "8",
        "nine": "9",
        "ten": "10",
        "eleven": "11",
        "twelve": "12",
        "thirteen": "13",
        "fourteen": "14",
        "fifteen": "15",
        "sixteen": "16",
        "seventeen": "17",
        "eighteen": "18",
        "nineteen": "19",
        "twenty": "20",
        "thirty": "30",
        "forty": "40",
        "fifty": "50",
        "sixty": "60",
        "seventy": "70",
        "eighty": "80",
        "ninety": "90",
        "hundred": "100",
        "thousand": "1000",
        # Of sequels, kings and wars; without "xi", a name.
        "ii": "2",
        "iii": "3",
        "iv": "4",
        "vi": "6",
        "vii": "7",
        "viii": "8",
        "ix": "9",
    },
    units={"k": "thousand", "m": "million", "mn": "million", "mln": "million", "bn": "billion", "bln": "billion"},
    guides=(
        # how-tos and explainers
        r"(?:^|: )how\b|\bhow to\b",
        r"^(?:what|why|when|where|which|who|is|are|can|should|do|does|will)\b.*\?$",
        r"(?:^|: )(?:what|why) (?:is|are|to|you|we|the|it|your)\b|: (?:which|where|who) ",
        r"\b(?:explained|explainer|walkthrough|tutorial|cheat sheet|beginner'?s|101)\b",
        r"\bguides?\b",
        r"\beverything (?:you need|we know|you should|to know|announced|new|we)\b",
        r"\b(?:things|what) (?:you need )?to (?:know|expect|watch|do)\b",
        r"\b(?:tips|tricks|hacks|faq|q&a)\b",
        r"^(?:here'?s|here is|here are) (?:how|what|why|everything|the)\b",
        r"\bwhat we know\b",
        # lists
        r"^(?:the |our |top )?\d+ (?!new\b|more\b|dead\b|people\b|additional\b)[a-z'-]+(?: [a-z'-]+)?"
        r" (?:ways|things|reasons|tips|tricks|games|features|facts|lessons|steps|questions|takeaways|best|to)\b",
        r"\b(?:top|best) \d+\b",
        r"^(?:the )?best\b",
        r"^\d+ (?:ways|things|reasons|tips|tricks|facts|lessons|steps|questions|takeaways|best|of the)\b",
        r"\branked\b|\btier list\b|\bgift guide\b",
        # reviews and opinions
        r"\b(?:review|hands-on|impressions|opinion|editorial|letters? to the editor|podcast|interview)\b",
        r"\b(?:reacts?|reaction|thoughts)\b|\bpart (?:\d+|one|two|three|four)\b|\bepisode \d+",
        r"^(?:op-ed|opinion|analysis|column|commentary|review|podcast|watch|video|gallery|photos)\s*[:|-]",
        # live blogs and round-ups of a day
        r"\blive(?:\s+(?:updates?|blog|coverage|stream|tracker|reaction))\b|\blive:|^live\b|\bliveblog\b",
        r"\b(?:latest|daily|morning|evening|weekly|top) (?:updates|news|headlines|briefing|roundup|round-up|recap)\b",
        r"\b(?:and|in) (?:other|more) (?:[a-z'-]+ ){0,4}(?:news|stories|headlines)\b",
        r"\b(?:newsletter|briefing|roundup|round-up|recap|digest)\b|\bwhat happened (?:today|on)\b",
        r"\b(?:coronavirus|covid-19|news) (?:update|updates|live|tracker)\b|\bas it happened\b|\bat a glance\b",
        r"\bthe latest:|\bby the numbers\b|\bmap(?:s|ped)?:|\btimeline\b|\btracking\b",
        r"^(?>.*?\b(?:trailer|gameplay|let'?s play|reaction|showcase)\b).*\b(?:part|episode|ep)\b",
    ),
    live_blogs=(
        r"\blive(?:\s+(?:updates?|blog|coverage|tracker|(?:mon|tues|wednes|thurs|fri|satur|sun)day))\b|\blive:|^live\b"
        r"|\bliveblog\b|\bas it happened\b|\breal-?time updates\b",
    ),
    market_reports=(
        r"^(?>.*?\bmarket\b).*\b(?:to (?:reach|grow|hit|surpass|exceed|witness|garner|register|be worth|see)|cagr"
        r"|forecasts?|20[2-9]\d(?:\s*[-–]\s*20[2-9]\d)?|size|share|outlook|segmentation|trends?|analysis|report|research|worth"
        r"|demand|growth|opportunit(?:y|ies)|insights?|players|projected|estimated|expected)\b",
        r"^(?>.*?\b(?:cagr|usd|us\$)\b).*\b(?:market|by 20[2-9]\d)\b",
        r"^(?>.*?\bglobal\b).*\bmarket\b",
    ),
    calendar=frozenset(
        """
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
        september october november december jan feb mar apr jun jul aug sep sept oct nov dec
        """.split()  # noqa: SIM905 - as above
    ),
    common_words=frozenset(
        """
        add announce announced announces announcement ask become begin best better big bring call came change close come
        company continue country day early end ended expect face find first follow full give go goes going gone good
        great group grow help high hit hold hour include join keep large last late latest lead leave life like local
        long look lot low made make making man many meet member month morning move national near need news next night
        number offer official officials old open opens part people place plan plans provide public read recent release
        report reported reports return reveal reveals run second see seek seen set several short show shown small source
        start state stay still story support take taken tell thing third time today told took top try turn update use
        used user using video want warn way week work world year
        """.split()  # noqa: SIM905 - as above
    ),
    tolls=frozenset(
        """
        dead dies died dying kills killed killing deaths toll fatalities victims casualties injured injures injuries
        wounded wounds hurt missing trapped rescued stranded hospitalized hospitalised sickened sickens evacuated
        """.split()  # noqa: SIM905 - as above
    ),
    increments=frozenset(["new", "more", "additional", "another", "further"]),
    rumours=frozenset(["rumor", "rumors", "rumored", "rumour", "rumours", "rumoured", "leaks", "leaked", "leaker"]),
    announcements=frozenset(["announces", "announced", "announcement", "unveils", "unveiled", "confirms", "confirmed"]),
)
