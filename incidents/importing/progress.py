"""How far an import is and what came of it, in words for the console and the command."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from incidents.importing.runs import totals_of
from incidents.models import ImportedKind, ImportItem, ImportRun, ImportState, Outcome

PLURALS = {
    ImportedKind.GROUP: "groups",
    ImportedKind.COMPONENT: "components",
    ImportedKind.INCIDENT: "incidents",
    ImportedKind.MAINTENANCE: "maintenances",
}
OVER = (Outcome.MADE, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class Row:
    """The records of one kind, by what became of them."""

    kind: ImportedKind
    counts: dict[str, int]

    @property
    def name(self) -> str:
        return self.kind.label if self.total == 1 else PLURALS[self.kind]

    @property
    def heading(self) -> str:
        return PLURALS[self.kind].capitalize()

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.total - self.counts.get(Outcome.WAITING, 0)

    @property
    def outcomes(self) -> list[int]:
        return [self.counts.get(outcome, 0) for outcome in OVER]


@dataclass(frozen=True, slots=True)
class Progress:
    run: ImportRun
    rows: Sequence[Row]

    @classmethod
    def of(cls, run: ImportRun) -> Self:
        """One query, none once the run is over."""
        totals = totals_of(run)
        return cls(run, [Row(kind, totals[kind]) for kind in ImportedKind if kind in totals])

    @property
    def total(self) -> int:
        return sum(row.total for row in self.rows)

    @property
    def done(self) -> int:
        return sum(row.done for row in self.rows)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def sentence(self) -> str:
        found = [row for row in self.rows if row.total]
        if self.run.state == ImportState.READING:
            named = ", ".join(f"{row.total:,} {row.name}" for row in found)
            return f"Reading; {named or 'nothing'} found so far."
        named = ", ".join(f"{row.done:,} of {row.total:,} {row.name}" for row in found)
        return f"{self.run.get_state_display()}: {named or 'nothing was there'}."


def remarks_of(run: ImportRun, *, most: int = 500) -> list[ImportItem]:
    """The records of which there is something to say, skipped ones first."""
    items = ImportItem.objects.filter(run=run).exclude(remarks="")
    skipped = items.filter(outcome=Outcome.SKIPPED).order_by("rank", "id")[:most]
    others = items.exclude(outcome=Outcome.SKIPPED).order_by("rank", "id")
    return [*skipped, *others[: max(0, most - len(skipped))]]


def summary_lines(run: ImportRun) -> Iterator[str]:
    """What came of a run, for a terminal."""
    progress = Progress.of(run)
    yield progress.sentence
    for row in progress.rows:
        counts = zip(OVER, row.outcomes, strict=True)
        yield f"  {row.heading}: " + ", ".join(f"{n:,} {outcome.label}" for outcome, n in counts)
    if run.state == ImportState.DONE and run.remarks:
        yield from run.remarks.split("\n")
    for item in remarks_of(run):
        for sentence in item.remarks.split("\n"):
            yield f"  {item.kind} {item.external_id}, {item.outcome}: {sentence}"
