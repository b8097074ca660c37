"""German."""

from __future__ import annotations

from digests.composing.languages.language import Language

GERMAN = Language(
    code="de",
    capitalises_nouns=True,
    # Without words that are English too: "die", "war", "hat", "will", "mit", "über" ("uber"), "dies", "nun".
    stop_words=frozenset(
        """
        aber alle allem allen aller alles als auch auf aus bei beim bis bist dabei dadurch daher damit dann das
        dass davon dazu dem den denn der deren des dessen dich diese diesem diesen dieser dieses dir doch dort
        du durch ein eine einem einen einer eines es etwa etwas euch gegen habe haben hatte hatten hier ihm ihn
        ihnen ihr ihre ihrem ihren ihrer ihres im indem ins ist ja jede jedem jeden jeder jedes jedoch jetzt
        kann kein keine keinem keinen keiner konnen konnte mehr mein meine mich mir muss mussen nach nachdem
        nicht nichts noch nur ob oder ohne schon sehr sei sein seine seinem seinen seiner seines seit sich sie
        sind so sollen sollte sondern sonst um und uns unser unter vom von vor wahrend wann waren warum was weil
        weiter welche welchem welchen welcher welches wenn werde werden wegen wie wieder wir wird wo wurde
        wurden zu zum zur zwischen
        """.split()  # noqa: SIM905 - two hundred quoted words are no easier to read
    ),
    numbers={
        "zwei": "2",
        "drei": "3",
        "vier": "4",
        "fünf": "5",
        "sechs": "6",
        "sieben": "7",
        "acht": "8",
        "neun": "9",
        "zehn": "10",
        "zwölf": "12",
        "zwanzig": "20",
        "dreißig": "30",
        "vierzig": "40",
        "fünfzig": "50",
        "hundert": "100",
        "tausend": "1000",
    },
    guides=(
        r"^(?:wie|warum|was|wann|wo|wer|welche[rs]?|ist|sind|kann|soll|darf)\b.*\?$",
        r"^so (?:geht|wird|werden|klappt|funktioniert|gelingt|sparen|schützen|bleibt|finden|machen)\b",
        # One pattern, not several: each is matched against every headline, whatever its language.
        r"\b(?:ratgeber|anleitung|tipps|erklärt|schritt für schritt|die besten|das müssen sie wissen|alles wichtige"
        r"|im überblick|live-?ticker|live-?blog|newsblog|newsticker|ticker|rückblick|wochenschau|presseschau"
        r"|das wichtigste)\b",
        r"^\d+ (?:dinge|gründe|fragen|fakten|ideen|orte)\b",
        r"^(?:kommentar|analyse|interview|podcast|video|rezension|kolumne|glosse|test|leserbriefe?)\s*[:|-]",
    ),
    live_blogs=(r"\b(?:live-?ticker|live-?blog|newsblog|newsticker)\b",),
    calendar=frozenset(
        """
        montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar marz april mai juni juli
        august september oktober november dezember
        """.split()  # noqa: SIM905 - as above
    ),
    tolls=frozenset(
        "tote toten todesopfer opfer verletzte verletzten verletzt vermisste getötet gestorben".split()  # noqa: SIM905
    ),
    increments=frozenset(["neue", "neuen", "weitere", "weiteren"]),
    rumours=frozenset(["gerücht", "gerüchte", "geleakt"]),
    announcements=frozenset(["angekündigt", "vorgestellt", "bestätigt", "offiziell"]),
)
