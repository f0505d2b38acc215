"""Write `languages.npz.xz`: of py3langid's model what the matcher asks it, in the library's format.

    python -m assist.matching.training.languages

The whole model is of 142 languages, and unpacking it took each start half a second. All that is
measured of a text stays, so whoever reads the extract hears exactly what the whole model says of
these languages. To be run again whenever py3langid comes with another model; a test says so.
"""

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE
from py3langid.modelio import load_model, save_model

from assist.matching.languages import FILE, LATIN


def main() -> None:
    weights, priors, languages, *automaton = load_model(MODEL_DIR / MODEL_FILE)
    kept = [at for at, language in enumerate(languages) if language in LATIN]
    # Row by row, so that what a text has of its hundred thousand features lies together.
    of_kept = np.ascontiguousarray(weights[:, kept])
    save_model(FILE, (of_kept, priors[kept], [languages[at] for at in kept], *automaton))


if __name__ == "__main__":
    main()
