"""What clients say and hear. Knows the chat vocabulary and the config; never the site, never tabs."""
