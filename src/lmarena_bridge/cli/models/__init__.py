"""`lmarena-bridge models …`: which models the site has, and which of them the API offers."""
