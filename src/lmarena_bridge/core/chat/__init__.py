"""What the bridge itself means: requests, events and what is done to them. Knows nobody."""
