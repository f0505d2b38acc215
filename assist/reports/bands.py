"""How sure the matcher was of a card, in a few bands."""

# Lower bounds of all but the first.
BOUNDS = (0.7, 0.8, 0.9)
WORDS = {1: "below 70 %", 2: "70 to 80 %", 3: "80 to 90 %", 4: "90 % and more"}
BAND = "width_bucket(confidence, ARRAY[0.7, 0.8, 0.9]::float[]) + 1"
