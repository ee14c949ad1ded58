"""What the arena's models say: a conversation in, pieces of text out. Rules only, no chance, no clock."""
