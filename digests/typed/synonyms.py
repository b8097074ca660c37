"""Other words for the same: a list of common abbreviations, British and American spellings, and news words. Pure.

A group stands on a line; `_` joins the words of a phrase. Where a word of a group is typed, the others count as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from digests.words import folded, stem

MOST_OTHERS = 6
"""How many other words a typed one gets at most; each costs a look-up in the index."""
LONGEST_PHRASE = 3
LEAST_STEM_CHARS = 3

_SAME_LISTED = """
US USA U_S united_states
UK united_kingdom britain
EU european_union
UN united_nations
UAE united_arab_emirates
NYC new_york_city
WHO world_health_organization
PM prime_minister
GOP republicans
AI artificial_intelligence
ML machine_learning
VM virtual_machine
IoT internet_of_things
AWS amazon_web_services
GCP google_cloud_platform
k8s kubernetes
VR virtual_reality
AR augmented_reality
EV electric_vehicle electric_car
TV television
CEO chief_executive
GDP gross_domestic_product
IPO initial_public_offering
GPU graphics_card
CPU processor
OS operating_system
app application
covid coronavirus
H5N1 bird_flu
xmas christmas
info information
vs versus
Kyiv Kiev Київ Киев
Kharkiv Kharkov Харків Харьков
Odesa Odessa Одеса Одесса
Lviv Lvov Львів Львов
Mumbai Bombay
Kolkata Calcutta
Beijing Peking
Myanmar Burma
Turkey Türkiye
Czechia Czech_Republic
aeroplane airplane
ageing aging
aluminium aluminum
armour armor
artefact artifact
behaviour behavior
calibre caliber
cancelled canceled
cancellation cancelation
catalogue catalog
centre center
cheque check
colour color
cosy cozy
counsellor counselor
defence defense
dialogue dialog
doughnut donut
draught draft
endeavour endeavor
enrol enroll
favour favor
favourite favorite
fibre fiber
flavour flavor
fulfil fulfill
grey gray
harbour harbor
honour honor
humour humor
jewellery jewelry
kilometre kilometer
labour labor
licence license
litre liter
manoeuvre maneuver
metre meter
mould mold
moustache mustache
neighbour neighbor
offence offense
paediatric pediatric
parlour parlor
plough plow
practise practice
programme program
pyjamas pajamas
rumour rumor
saviour savior
sceptic skeptic
skilful skillful
sulphur sulfur
theatre theater
traveller traveler
tumour tumor
tyre tire
vapour vapor
woollen woolen
yoghurt yogurt
"""
"""Different ways to write the same, also where the word stands alone. In capitals: names that are written so."""

_ALIKE_LISTED = """
unemployed unemployment jobless
layoffs job_cuts redundancies furloughs
fired sacked dismissed
jobs employment
worker employee staff
boss chief head
hire recruit
buy bought purchase acquire acquisition takeover
sell sale sold
merge merger
company firm business corporation
contractor company
factory plant
shop store
supermarket grocery
jail prison
prisoner inmate
freed released
arrested detained
police cops officers
lawsuit sue sues suing
probe investigation inquiry
killed dies died dead deaths fatal
injured hurt wounded
murder homicide
steal stolen theft robbery
scam fraud con
rescue save saved
protect save
quake earthquake
fire blaze
crash collision
plane aircraft jet airplane
car vehicle automobile
ship vessel boat
bike bicycle
train rail railway
kids children child
baby infant newborn
student pupil
teacher educator
elderly seniors
doctor physician
vaccine jab vaccination
medicine drug medication
illness disease sickness
flu influenza
film movie
song track
phone smartphone
laptop notebook
website site
hack hacked breach
outage downtime
bug glitch
upgrade update
patch update
launch release debut
reveal unveil announce
delay postpone
cancel scrap
price cost
cheap affordable
money cash
profit earnings
revenue sales
stock shares
deficit shortfall
aid relief help
house home
wage salary pay
government administration
lawmaker legislator politician
vote election poll
law legislation bill
ban banned prohibit prohibited
rule regulation
protest demonstration rally
protester demonstrator
migrant immigrant refugee
troops soldiers army military
weapon arms
explosion blast bomb
nuclear atomic
power electricity
petrol gasoline
match game
team club
coach manager
athlete player champion
soccer football
restaurant eatery
pet animal
holiday vacation
trip travel tour
tourist visitor
scientist researcher
study research
fix repair solve
fast quick
big large huge
small tiny
increase rise rises grow growth
decline fall drop decrease
end finish
start begin
stop halt
use usage
guide tutorial
tips advice
problem issue trouble
plan proposal
deal agreement contract pact
partner partnership
meeting summit conference
talks negotiations
warn warning alert
fear worry concern
danger threat risk
choose chose pick select
explain explanation reason why
step stage phase
device gadget
picture photo image
video footage clip
billion billions bn
million millions
host hosting
worldwide global
"""
"""Words that mean nearly the same in headlines; only beside other words."""


def same_as(words: Sequence[str], place: int) -> tuple[str, ...]:
    """Return other ways to write the word at a place, or the phrase of adjacent words that it is in.

    Args:
        words: As typed; empty where something stands that is not a word.
    """
    keys = [_key(word) for word in words]
    for count in range(LONGEST_PHRASE, 0, -1):
        for start in range(max(0, place - count + 1), min(place, len(keys) - count) + 1):
            if found := _SAME.get(" ".join(keys[start : start + count])):
                return found
    return ()


def alike(word: str) -> tuple[str, ...]:
    """Return words that mean nearly the same."""
    return _ALIKE.get(_key(word), ())


def _read(listed: str) -> Mapping[str, tuple[str, ...]]:
    groups: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for line in listed.strip().split("\n"):
        words = [word.replace("_", " ") for word in line.split()]
        for word in words:
            key = _key(word)
            # Other forms of the word itself are found anyway.
            groups[key] |= dict.fromkeys(other for other in words if _key(other) != key)
    return {key: tuple(others)[:MOST_OTHERS] for key, others in groups.items()}


def _key(phrase: str) -> str:
    return " ".join(_stem_of(word) for word in folded(phrase).split())


def _stem_of(word: str) -> str:
    found = stem(word)
    # `us` is the stem of `used` as well.
    return found if len(found) >= LEAST_STEM_CHARS else word


_SAME = _read(_SAME_LISTED)
_ALIKE = _read(_ALIKE_LISTED)
