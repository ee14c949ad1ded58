"""What the person's files say: text in, frozen values out."""
