"""Texts that hurt a careless reader."""

CHALLENGE_QUOTE = (
    "A page that checks for humans begins like this: <title>Just a moment...</title> and goes on with "
    "<p>Enable JavaScript and cookies to continue</p> window._cf_chl_opt = {}; "
    "It says recaptcha validation failed, too."
)

BRACKETS = (
    'Nested: {"a":[{"b":"}]"},"\\"quoted\\""]} and a line\n'
    'b0:"not a line of its own" ad:{"finishReason":"stop"}'
)

LINE_SEPARATORS = "one\u2028two\u2029three\u0085four\u000bfive\u000csix\rseven"

HALVES = ("Half an emoji \ud83e", "\udda6 and the other half.")
"""Two deltas: together they are an otter."""
