"""`lmarena-bridge doctor`: what works, what does not, and the one thing to do next."""
