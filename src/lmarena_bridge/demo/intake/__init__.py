"""How a retry request is read and judged: bytes in, an admitted request or a refusal out."""
