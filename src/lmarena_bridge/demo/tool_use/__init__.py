"""A model of the arena that uses tools by rules: reads its offer, calls, reads the result, answers."""
