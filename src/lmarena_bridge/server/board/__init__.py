"""What the start page shows, and how it comes to know of it."""
