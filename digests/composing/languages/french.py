"""French."""

from __future__ import annotations

from digests.composing.languages.language import Language

FRENCH = Language(
    code="fr",
    # Without words that are English too: "car", "son", "pour", "la", "le", "plus", "encore", "sera".
    stop_words=frozenset(
        """
        alors apres au aucun aussi autre aux avant avec avoir ce cela cet cette ceux chez comme dans de depuis
        des deux du elles entre est et etait etaient ete etre eux furent fut ici ils je jusque leur leurs lors
        lui mais meme mes moi moins mon ne nos notre nous ont ou pas peu peut puis quand que quel quelle quelles
        quels qui sa sans se selon seront ses si sont sous tandis tous toute toutes tres une vers vos votre vous
        """.split()  # noqa: SIM905 - a hundred quoted words are no easier to read
    ),
    numbers={
        "trois": "3",
        "quatre": "4",
        "cinq": "5",
        "huit": "8",
        "neuf": "9",
        "dix": "10",
        "onze": "11",
        "douze": "12",
        "quinze": "15",
        "vingt": "20",
        "trente": "30",
        "quarante": "40",
        "cinquante": "50",
        "mille": "1000",
    },
    guides=(
        r"^comment\b|^(?:pourquoi|que|quand|où|qui|quel(?:le)?s?|faut-il|peut-on)\b.*\?$",
        # One pattern, not several: each is matched against every headline, whatever its language.
        r"\b(?:conseils|astuces|mode d'emploi|tutoriel|décryptage|tout savoir|ce qu'il faut savoir|ce que l'on sait"
        r"|ce qu'on sait|minute par minute|(?:en )?direct\s*[:|.-])",
        r"^(?:les|nos) \d+ |^\d+ (?:choses|raisons|conseils|questions|idées)\b",
        r"^(?:éditorial|analyse|entretien|podcast|vidéo|critique|chronique|tribune|portrait)\s*[:|.-]",
    ),
    live_blogs=(r"\b(?:minute par minute\b|en direct\s*[:|.-])|^direct\s*[:|.-]",),
    calendar=frozenset(
        """
        lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre
        octobre novembre decembre
        """.split()  # noqa: SIM905 - as above
    ),
    tolls=frozenset("morts mort tués tué blessés victimes disparus bilan".split()),  # noqa: SIM905 - as above
    increments=frozenset(["nouveaux", "nouvelles", "supplémentaires"]),
    rumours=frozenset(["rumeur", "rumeurs", "fuite"]),
    announcements=frozenset(["annonce", "dévoile", "présente", "confirme", "officiel"]),
)
