"""The built-in practice arena: an ASGI app that plays the site, on this computer only.

It imports nothing of the rest of the package, so that what it accepts and answers is a second opinion
about the site's wire and never our own code agreeing with itself. `arena.py` joins the parts, `serving.py`
puts them on a port, `directives.py` lists what a message can ask the arena to do wrong.
"""
