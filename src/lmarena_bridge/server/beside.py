"""Something that runs beside something else, for as long as that lasts."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None, None]:
    """Run `work` while the context lasts, then cancel it.

    An error of the context's body comes out as it is, not wrapped in a group; one of `work` cancels the body.
    """
    failure: Exception | None = None
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        try:
            yield
        except Exception as error:
            failure = error
        finally:
            task.cancel()
    if failure is not None:
        raise failure
