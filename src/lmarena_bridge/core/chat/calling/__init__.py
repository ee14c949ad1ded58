"""Tool calling for models that know none: the tools as text in the prompt, the calls read from the answer."""
