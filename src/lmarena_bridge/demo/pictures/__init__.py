"""How the image model draws, and where its pictures are kept."""
