"""The files of the home: found, created, read again when they change, written whole or not at all."""
