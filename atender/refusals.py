"""A change that is refused: what is wrong and what would be right, in a sentence."""


class Refused(Exception):
    """The input cannot be taken; `field` names the part of it that is wrong, where one is."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Conflict(Refused):
    """The input is fine but the record has moved on."""
