"""`lmarena-bridge session …`: which conversations of the site answer, and how each is doing."""
