"""What a message may be about instead speaks against an incident, and its like does not."""

import json
from dataclasses import replace

import numpy as np
import pytest

from assist.matching import ActiveIncident, build_index
from assist.matching.cohort import FILE, Beside, Cohort, beside, cohort, read_cohort
from assist.matching.coverage import Said, coverages
from assist.matching.index import said_in
from assist.matching.lexicon import lexicon
from assist.matching.matcher import prepare
from assist.matching.training.hearing import hear, joined
from assist.matching.training.packing import packed
from assist.matching.training.worlds import Labelled, World

DECLINED = ActiveIncident("c", "Card payments are declined", "Payments by card fail.", ("Cards",))
EXPORT = ActiveIncident("e", "CSV exports never finish", "Exports hang.", ("Exports",))
# Nobody of the cohort keeps bees.
BEES = ActiveIncident("b", "Zqx queens of the hive are lost", "", ())


def leads(text: str, *incidents: ActiveIncident) -> list[float]:
    index = build_index(incidents)
    return [float(one) for one in index.beside.leads(said(text, incidents))[0]]


def said(text: str, incidents: tuple[ActiveIncident, ...] = (DECLINED,)) -> Said:
    return said_in(prepare(text, build_index(incidents)).reading)


def test_it_names_concepts_of_this_lexicon_alone() -> None:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    known = {concept.name for concept in lexicon().concepts}
    assert set(data["concepts"]) <= known
    assert cohort().told.title.shape == (len(known), len(data["incidents"]))
    assert len(data["incidents"]) > 500


def test_what_another_incident_explains_better_speaks_against_this_one() -> None:
    (about_it,) = leads("my card was declined at the shop", DECLINED)
    (about_another,) = leads("my new card has not arrived in the post yet", DECLINED)
    assert about_it > 0 > about_another


def test_of_two_active_the_one_that_is_meant_leads() -> None:
    declined, export = leads("the csv export runs forever", DECLINED, EXPORT)
    assert export > 0 > declined


def test_its_like_does_not_speak_against_an_incident() -> None:
    """One of the cohort that is the active incident itself costs it nothing."""
    told, shipped = build_index([DECLINED]).beside.told, cohort()
    own = shipped.learnt.vectors(told)
    with_itself = Cohort(
        shipped.learnt, joined([shipped.told, told]), np.concatenate([shipped.vectors, own])
    )
    message = said("my card was declined")
    alone, beside_itself = (beside(told, one).leads(message) for one in (shipped, with_itself))
    assert beside_itself == pytest.approx(alone, abs=1e-4)
    assert beside_itself[0, 0] > 0


def test_a_message_that_says_nothing_known_leads_nowhere() -> None:
    assert leads("zzqx 4711 vvbn", DECLINED, EXPORT) == [0.0, 0.0]


def test_what_was_learnt_is_read_as_it_was_written() -> None:
    declined = Labelled("my card was declined", "en", "written", frozenset("c"), frozenset())
    heard = hear(World("two", (DECLINED, EXPORT), (declined,)))
    learnt = replace(cohort().learnt, explains=np.round(cohort().learnt.explains, 4))
    written = json.loads(json.dumps(packed(learnt, [heard])))
    found = read_cohort(written)
    for name in ("title", "body", "weights", "near"):
        assert (getattr(found.told, name) == getattr(heard.told, name)).all(), name
    assert (found.learnt.explains == learnt.explains).all()
    message = said("my card was declined")
    before = beside(heard.told, Cohort(learnt, heard.told, learnt.vectors(heard.told)))
    after = beside(heard.told, found)
    assert after.leads(message) == pytest.approx(before.leads(message), abs=0.05)
    assert found.vectors == pytest.approx(learnt.vectors(heard.told), abs=0.02)


def test_a_concept_that_left_the_lexicon_is_named() -> None:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    with pytest.raises(KeyError, match="carrier_pigeon"):
        read_cohort({**data, "concepts": ["carrier_pigeon", *data["concepts"][1:]]})


def test_what_was_learnt_is_not_believed_about_topics_that_nothing_was_learnt_of() -> None:
    message = said("my card was declined at the hive of my queen", (DECLINED, BEES))
    beside_it = build_index([DECLINED, BEES]).beside
    known, strange = beside_it.support
    assert strange < 0.5 < known
    learnt = beside_it.cohort.learnt
    turned = replace(beside_it.cohort, learnt=replace(learnt, message=-learnt.message))
    before, after = beside_it.leads(message)[0], replace(beside_it, cohort=turned).leads(message)[0]
    assert abs(before[0] - after[0]) > 0.5
    assert before[1] == pytest.approx(after[1], abs=1e-5)


def test_many_at_once_are_each_as_alone() -> None:
    both = [said("my card was declined"), said("the app is slow since noon")]
    together = joined(both)
    told = build_index([DECLINED, EXPORT]).beside.told
    apart = np.concatenate([coverages(one, told) for one in both], axis=1)
    assert coverages(together, told) == pytest.approx(apart, abs=1e-6)
    here: Beside = build_index([DECLINED, EXPORT]).beside
    alone = np.concatenate([here.leads(one) for one in both])
    assert here.leads(together) == pytest.approx(alone, abs=1e-4)


def test_nobody_is_active() -> None:
    index = build_index([])
    assert index.beside.leads(said("my card was declined")).shape == (1, 0)
