"""The dialect of Anthropic's Messages API, as its SDKs and Claude Code speak it."""
