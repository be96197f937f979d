"""How large a session may be: what the page Ask offers, what is drawn, and what the store takes."""

MOST_TRIALS = 500  # beside the sentinels
MOST_SENTINELS = 50
MOST_FAILED = 5  # of them, that can be named as too many
MOST_PARTICIPANTS = 10_000
LONGEST_TITLE = 120  # letters
MOST_BYTES = 200 << 20  # of all its pictures, as PNG
