"""What a person types: one file a command. Nobody imports from here."""
