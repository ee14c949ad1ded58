"""llm-comply, a judge of others made from the documents of OpenAI, Open Responses and Anthropic."""

import asyncio
import json
import sys

import pytest

from support.chain import Chain

# Only models of certain names are asked for it.
LEFT_OUT = {"chat-reasoning-summary", "reasoning-summary", "anth-thinking-display"}


@pytest.mark.parametrize(("name", "tests"), [("openai-chat", 9), ("open-responses", 13), ("anthropic", 9)])
async def test_every_test_is_green(chain: Chain, name: str, tests: int) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", "import sys; from llm_comply.cli import main; sys.exit(main())"),
        *("--format", name, "--json", "-k", "any"),
        *("-u", f"{chain.server.url}/v1", "-m", "demo-tools"),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 50)
    told = json.loads(output[output.index(b"{") :])
    results = {each["id"]: each["status"] for each in told["results"]}
    assert len(results) >= tests
    assert {name for name, status in results.items() if status != "passed"} <= LEFT_OUT, output.decode()
    assert process.returncode == 0
