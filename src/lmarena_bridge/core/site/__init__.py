"""What LMArena understands and answers. Knows chat and config; never a client dialect, never tabs."""
