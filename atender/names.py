"""Names that only one record of a kind may have."""

from atender.turns import take_turns


def take_turns_in_naming(kind: str) -> None:
    """Until the transaction ends, nobody else of this tenant names a record of this kind.

    Of two at once that take a name the second sees the first, and is refused with a sentence. Comes
    before any row is locked, so that nobody waits in a circle.
    """
    take_turns(f"naming {kind}")
