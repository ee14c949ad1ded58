// The AI SDK with each of its providers that speak to this program: whole, streamed, a picture, tools, objects.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(readFileSync(0, "utf8"));
const found = createRequire(`${process.env.NODE_MODULES}/`);
const load = (name) => import(pathToFileURL(found.resolve(name)).href);
const { generateImage, experimental_generateImage, generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } =
  await load("ai");
const { createOpenAICompatible } = await load("@ai-sdk/openai-compatible");
const { createOpenAI } = await load("@ai-sdk/openai");
const { createAnthropic } = await load("@ai-sdk/anthropic");

globalThis.AI_SDK_LOG_WARNINGS = false;
const baseURL = `${asked.url}/v1`, apiKey = asked.key;
const compatible = createOpenAICompatible({ name: "bridge", baseURL, apiKey, includeUsage: true });
const openai = createOpenAI({ baseURL, apiKey });
const anthropic = createAnthropic({ baseURL, apiKey });
const providers = {
  compatible: (name) => compatible(name),
  chat: (name) => openai.chat(name),
  responses: (name) => openai.responses(name),
  messages: (name) => anthropic(name),
};
const object = (...names) => ({
  type: "object",
  properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
  required: names,
  additionalProperties: false,
});

async function talk(provider) {
  const model = provider(asked.model), options = { model, maxRetries: 0, maxOutputTokens: 100 };
  const whole = await generateText({ ...options, system: "Be brief.", prompt: "What is 6 * 7?" });
  const streaming = streamText({ ...options, prompt: "Hello!" });
  let streamed = "";
  for await (const text of streaming.textStream) streamed += text;
  const image = { type: "image", image: Buffer.from(asked.picture.split(",")[1], "base64"), mediaType: "image/png" };
  const content = [{ type: "text", text: "What is attached?" }, image];
  const seen = await generateText({ ...options, messages: [{ role: "user", content }] });
  return { whole: [whole.text, whole.finishReason], streamed: [streamed, await streaming.finishReason], picture: seen.text };
}

async function use(provider) {
  const model = provider(asked.tools), called = [];
  const get_weather = tool({
    description: "Tells the weather of a city.",
    inputSchema: jsonSchema(object("city")),
    execute: async ({ city }) => (called.push(city), `It is sunny in ${city}.`),
  });
  const options = { model, maxRetries: 0, maxOutputTokens: 1000 };
  const question = { prompt: "What is the weather in Oslo?", tools: { get_weather }, stopWhen: stepCountIs(3) };
  const text = await streamText({ ...options, ...question }).text;
  const made = await generateObject({ ...options, schema: jsonSchema(object("name", "city")), prompt: asked.object });
  return { called, text, object: made.object };
}

const said = {};
for (const name of asked.providers) said[name] = await (asked.tools ? use : talk)(providers[name]);
if (asked.painter) {
  const draw = generateImage ?? experimental_generateImage;
  const { image } = await draw({ model: compatible.imageModel(asked.painter), prompt: "a hedgehog", maxRetries: 0 });
  said.drawn = Buffer.from(image.uint8Array).toString("base64").slice(0, 20);
}
console.log(JSON.stringify(said));
