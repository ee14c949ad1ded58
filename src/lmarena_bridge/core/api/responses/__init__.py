"""The dialect of OpenAI's Responses API, as its SDKs, the agents SDK and Codex speak it."""
