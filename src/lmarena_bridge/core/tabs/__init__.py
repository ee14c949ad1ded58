"""The language between server and userscript, and the rules of who works on what."""
