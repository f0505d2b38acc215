"""`python -m tests.bench [SCENARIO]`: each scenario prints one JSON object on a line."""

import importlib
import sys
from pathlib import Path

SCENARIOS = sorted(
    path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_")
)


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else "all"
    if wanted != "all" and wanted not in SCENARIOS:
        sys.exit(f"There is no scenario '{wanted}'; there are {', '.join(SCENARIOS)}.")
    for name in SCENARIOS if wanted == "all" else [wanted]:
        importlib.import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main()
