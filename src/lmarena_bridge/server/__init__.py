"""The shell around the core: sockets, HTTP, time. It performs what the core decides."""
