"""LMArena Bridge: a person's own LMArena tab as an API that every OpenAI client can use.

The map of the house, in the order a request takes it:

bridge.py    the way of one request, told once, in order
core/        values in, values out: no sockets, no clock, no files
    api/       what clients say and hear          (dialects: openai, ...)
    chat/      what the bridge itself means       (request, events, shaping)
    config/    what the files say                 (settings, models, sessions)
    site/      what the site understands          (site requests, stream parser, refusals)
    tabs/      the language between server and userscript
server/      asyncio and ASGI around it; storage/ files; outbound/ what we fetch or launch
userscript/  the one file that runs in the tab; cli/ one file a command, serve.py joins all parts
filebed/, demo/  stand apart: the file bed, and the built-in arena that plays the site
"""
