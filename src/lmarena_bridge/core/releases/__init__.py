"""What is announced of newer versions: whose word it is, how old, and which file it names."""
