"""For all tests: properties are about what holds, not about how fast this machine is just now."""

import hypothesis

hypothesis.settings.register_profile("without deadline", deadline=None)
hypothesis.settings.load_profile("without deadline")
