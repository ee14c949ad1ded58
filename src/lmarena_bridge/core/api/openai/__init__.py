"""OpenAI's wire shapes."""
