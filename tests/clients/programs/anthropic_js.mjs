// @anthropic-ai/sdk: models, a whole answer, a streamed one, a tool, an error.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(readFileSync(0, "utf8"));
const found = createRequire(`${process.env.NODE_MODULES}/`);
const { default: Anthropic } = await import(pathToFileURL(found.resolve("@anthropic-ai/sdk")).href);
const client = new Anthropic({ baseURL: asked.url, apiKey: asked.key, maxRetries: 0, timeout: 30_000 });
const user = (content) => [{ role: "user", content }];
const said = { models: [] };

for await (const model of client.models.list()) said.models.push(model.id);
const options = { model: asked.model, max_tokens: 100 };
const whole = await client.messages.create({ ...options, messages: user("What is 6 * 7?") });
said.whole = [whole.content[0].text, whole.stop_reason];
const streamed = await client.messages.stream({ ...options, messages: user("Hello!") }).finalMessage();
said.streamed = [streamed.content[0].text, streamed.stop_reason, streamed.usage.output_tokens];
const weather = {
  name: "get_weather",
  description: "Tells the weather of a city.",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const wanted = { model: asked.tools, max_tokens: 1000, tools: [weather], messages: user("What is the weather in Oslo?") };
const called = await client.messages.stream(wanted).finalMessage();
said.calls = called.content.filter(({ type }) => type === "tool_use").map(({ name, input }) => [name, input]);
said.stopped = called.stop_reason;
try {
  await client.messages.create({ ...options, model: "no-such-model", messages: user("Hello!") });
} catch (error) {
  said.error = [error.status, error.error.error.type];
}
console.log(JSON.stringify(said));
