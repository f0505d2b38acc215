"""What a model makes of an operator's own export: every text is asked for once, and kept in a file.

No database: what `evaluate_matching` measures is what the product would do with these vectors.
"""

import base64
import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import numpy as np

from assist.embeddings.asking import AT_ONCE, embed
from assist.embeddings.ordinary import ordinary
from assist.embeddings.vectors import (
    MEASURE,
    from_bytes,
    text_of_incident,
    text_of_message,
    to_bytes,
)
from assist.matching import Index
from assist.matching.geometry import Floats
from assist.matching.meaning import nearness
from assist.models import EmbeddingModel

PATIENCE_S = 60.0


class Vectors:
    """The vectors of a model's texts, and the file that keeps them: one JSON object a line."""

    def __init__(self, model: EmbeddingModel, file: Path) -> None:
        self._model, self._file = model, file
        self._kept: dict[str, Floats] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                self._kept[row["text"]] = _read(row["vector"])

    def learn(self, texts: Iterable[str]) -> int:
        """Ask for those that are not there; returns how many. Raises NoAnswer and OSError."""
        new = [one for one in dict.fromkeys(texts) if one and self._name(one) not in self._kept]
        for first in range(0, len(new), AT_ONCE):
            batch = new[first : first + AT_ONCE]
            vectors = embed(self._model, batch, within_s=PATIENCE_S)
            self._model.dimensions = vectors.shape[1]
            with self._file.open("a", encoding="utf-8") as output:
                for text, vector in zip(batch, vectors, strict=True):
                    self._kept[self._name(text)] = vector
                    kept = base64.b64encode(to_bytes(vector)).decode()
                    output.write(json.dumps({"text": self._name(text), "vector": kept}) + "\n")
        return len(new)

    def learn_ordinary(self) -> int:
        wanted = {MEASURE, *self._model.languages}
        return self.learn(text for one in sorted(wanted) for text in ordinary()[one])

    def near(self, message: str, language: str, index: Index) -> Floats | None:
        """Answer how near each incident is, as a worker would; all was learnt before."""
        text = text_of_message(message)
        if not text or language not in self._model.languages:
            return None
        incidents = self._rows(text_of_incident(one) for one in index.incidents)
        usual, english = self._rows(ordinary()[language]), self._rows(ordinary()[MEASURE])
        return nearness(self._rows([text])[0], incidents, usual, english)

    def _rows(self, texts: Iterable[str]) -> Floats:
        rows = [self._kept[self._name(text)] for text in texts]
        return np.asarray(np.stack(rows), dtype=np.float32)

    def _name(self, text: str) -> str:
        server = f"{self._model.base_url} {self._model.model}"
        return sha256(f"{server}\0{text}".encode()).hexdigest()


def _read(kept: str) -> Floats:
    vector = base64.b64decode(kept, validate=True)
    return np.asarray(from_bytes(vector, len(vector) // 4)[0], dtype=np.float32)
