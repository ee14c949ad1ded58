"""llm-comply, a judge of others made from OpenAI's own document, against the whole chain."""

import asyncio
import json
import sys

from support.chain import Chain

# Only models of certain names are asked for it.
LEFT_OUT = {"chat-reasoning-summary"}


async def test_every_test_for_chats_is_green(chain: Chain) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", "import sys; from llm_comply.cli import main; sys.exit(main())"),
        *("--format", "openai-chat", "--json", "-k", "any"),
        *("-u", f"{chain.server.url}/v1", "-m", "demo-tools"),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 50)
    told = json.loads(output[output.index(b"{") :])
    results = {each["id"]: each["status"] for each in told["results"]}
    assert len(results) >= 9
    assert {name for name, status in results.items() if status != "passed"} <= LEFT_OUT, output.decode()
    assert process.returncode == 0
