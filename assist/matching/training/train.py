"""Train the matcher's model and write `background.json`, `cohort.json` and `model.json`.

    python -m assist.matching.training.train [--check]

Needs scikit-learn beside the product's own packages. It measures what was held out, which sets the
bars. `--check` writes nothing.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sklearn.ensemble import HistGradientBoostingClassifier

from assist.matching import background, cohort, model, text
from assist.matching.features import NAMES
from assist.matching.terms import terms_of
from assist.matching.training.deciding import Second, fit_second, joined, report, simulate
from assist.matching.training.hearing import Heard, hear
from assist.matching.training.held_out import folds_of, held_out_incidents, held_out_worlds
from assist.matching.training.learning import learn
from assist.matching.training.packing import packed
from assist.matching.training.trees import (
    Pairs,
    complete,
    everything,
    fit_trees,
    flat,
    pairs_of,
)
from assist.matching.training.worlds import (
    World,
    development_world,
    dialogue_worlds,
    written_worlds,
)
from assist.matching.wrapping import unwrap


def count_background(worlds: Sequence[World]) -> None:
    """Count, over all messages, in how many each word stands."""
    words: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    messages = [message for world in worlds for message in world.messages]
    for message in messages:
        spoken = text.tokens(text.fold(unwrap(text.clean(message.text))))
        words.update(set(terms_of(spoken)))
        forms.update({word.text for word in spoken if word.text.isascii() and word.text.isalpha()})
    kept = {word: count for word, count in sorted(words.items()) if count > 1}
    seldom = sorted(form for form, count in forms.items() if count <= 2)
    known = sorted(form for form, count in forms.items() if count > 2)
    document = {"messages": len(messages), "terms": kept, "words": known, "seldom": seldom}
    background.FILE.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    for cache in (background.counts, background.rarity_of_term):
        cache.cache_clear()


def write(trees: HistGradientBoostingClassifier, second: Second) -> None:
    sizes = sorted(second.bars)
    document = {
        "features": NAMES,
        "trees": complete(trees),
        "decision": {
            "weights": [round(float(w), 5) for w in second.weights],
            "score": [round(float(x), 4) for x in second.knots[0]],
            "probability": [round(float(p), 5) for p in second.knots[1]],
            "active": sizes,
            "card_from": [round(second.bars[size], 5) for size in sizes],
        },
    }
    Path(model.FILE).write_text(json.dumps(document), encoding="utf-8")


def _learnt_without(fold: Sequence[int], heard: Sequence[Heard]) -> cohort.Cohort:
    others = [one for n, one in enumerate(heard) if n not in fold]
    return cohort.read_cohort(packed(learn(others), others))


def _crossed(
    heard: Sequence[Heard], folds: Sequence[Sequence[int]], cohorts: Sequence[cohort.Cohort]
) -> list[Pairs]:
    """Describe each world beside the cohort that was learnt without its fold."""
    of_fold = {n: one for fold, one in zip(folds, cohorts, strict=True) for n in fold}
    return [pairs_of(one, of_fold[n]) for n, one in enumerate(heard)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    worlds = [development_world(), *written_worlds()]
    if not options.check:
        count_background(worlds)
    first, *heard = map(hear, worlds)
    everybody = packed(learn(heard), heard)
    whole = cohort.read_cohort(everybody)
    development = pairs_of(first, whole)
    # The trees learn from these as well; the cohort does not, and none is held out.
    dialogues = [pairs_of(hear(world), whole) for world in dialogue_worlds()]
    folds = folds_of(len(heard), 5)
    cohorts = [_learnt_without(fold, heard) for fold in folds]
    ours = _crossed(heard, folds, cohorts)
    known = [*ours, *dialogues]
    labelled = simulate(held_out_incidents(development, known, folds=3, seeds=(1, 2, 3)))
    beside = [development, *dialogues]
    alone, mixed = map(simulate, held_out_worlds(beside, ours, folds, cohorts))
    second = fit_second(joined(labelled, alone), labelled, mixed)
    measured = (
        ("development half, held out by incident", labelled),
        ("our worlds, each held out", alone),
        ("our worlds, two at a time, both held out", mixed),
    )
    for name, draws in measured:
        print(f"--- {name}")  # noqa: T201
        report(draws, second)
    if not options.check:
        everyone = (development, *known)
        cohort.FILE.write_text(json.dumps(everybody, separators=(",", ":")), encoding="utf-8")
        write(fit_trees([flat(one, *everything(one)) for one in everyone]), second)


if __name__ == "__main__":
    main()
