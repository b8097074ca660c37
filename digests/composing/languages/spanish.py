"""Spanish."""

from __future__ import annotations

from digests.composing.languages.language import Language

SPANISH = Language(
    code="es",
    # Without words that are English too: "once", "son", "con", "la", "el", "los", "un", "era", "hay", "tan".
    stop_words=frozenset(
        """
        algo ante antes aqui asi aun aunque bajo cada casi como contra cual cuando de del desde despues donde
        dos durante ella ellas ellos en entre eran es esa ese eso esta estaba estan estas este esto estos fue
        fueron ha habia han hasta le les lo mas mientras muy nada nos nuestra nuestro o otra otras otro otros
        para pero poco por porque puede pueden que quien quienes se segun ser sera seran si sido sobre su sus
        tambien tanto te tiene tienen toda todas todo todos tras tu una unas uno unos ya y
        """.split()  # noqa: SIM905 - a hundred quoted words are no easier to read
    ),
    numbers={
        "tres": "3",
        "cuatro": "4",
        "cinco": "5",
        "seis": "6",
        "siete": "7",
        "ocho": "8",
        "nueve": "9",
        "diez": "10",
        "doce": "12",
        "quince": "15",
        "veinte": "20",
        "treinta": "30",
        "cuarenta": "40",
        "cincuenta": "50",
        "cien": "100",
    },
    guides=(
        r"^(?:¿|cómo\b|por qué\b)|^(?:qué|cuándo|dónde|quién|cuál)\b.*\?$",
        # One pattern, not several: each is matched against every headline, whatever its language.
        r"\b(?:guía|consejos|trucos|paso a paso|lo que (?:sabemos|hay que saber|debes saber|se sabe)|las claves|en vivo"
        r"|en directo|minuto a minuto)\b",
        r"^(?:los|las) \d+ |^\d+ (?:cosas|razones|claves|preguntas|ideas)\b",
        r"^(?:opinión|análisis|entrevista|podcast|vídeo|video|crítica|editorial|columna)\s*[:|-]",
    ),
    live_blogs=(r"\bminuto a minuto\b|^(?:en vivo|en directo)\b|\b(?:en vivo|en directo)\s*[:|-]",),
    calendar=frozenset(
        """
        lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto
        septiembre octubre noviembre diciembre
        """.split()  # noqa: SIM905 - as above
    ),
    tolls=frozenset("muertos muertes mueren heridos víctimas desaparecidos fallecidos".split()),  # noqa: SIM905 - as above
    increments=frozenset(["nuevos", "nuevas", "adicionales"]),
    rumours=frozenset(["rumor", "rumores", "filtración", "filtrado"]),
    announcements=frozenset(["anuncia", "presenta", "confirma", "oficial"]),
)
