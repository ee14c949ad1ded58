"""`lmarena-bridge update`: looking for a newer version, and installing it when told to."""
