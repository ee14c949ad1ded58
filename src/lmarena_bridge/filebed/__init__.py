"""The file bed: keeps files for a while under addresses that nobody can guess. Stands apart."""
