"""The core: values in, values out. It knows no socket, clock, file or random number."""
