/** What to enter in the person's own programs. */

import { choice, copyable } from "../parts.js";
import { changed, remember, state, usableModels } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { t } from "../words.js";

const PROGRAMS = Object.freeze({
  sillytavern: "SillyTavern",
  openwebui: "Open WebUI",
  cherry: "Cherry Studio",
  chatbox: "Chatbox",
  python: "Python",
  curl: "curl",
  claude: "Claude Code",
  codex: "Codex",
  aider: "aider",
  opencode: "OpenCode",
  cline: "Cline",
});

/** @type {keyof typeof PROGRAMS} */
let program = "sillytavern";

export function connecting() {
  const base = `${location.origin}/v1`;
  const copied = () => {
    remember("copied", "yes");
    changed();
  };
  /** @type {[string, string][]} */
  const programs = Object.entries(PROGRAMS);
  return html`<p>${t("connect.text")}</p>
    <dl class="entry">
      <dt>${t("connect.base")}</dt>
      <dd>${copyable(base, { label: t("connect.base"), then: copied })}</dd>
      <dt>${t("connect.key")}</dt>
      <dd>${state.server?.locked ? html`<span>${t("connect.key.yours")} <code>config.jsonc</code></span>` : html`<span>${t("connect.key.any")}</span>`}</dd>
      <dt>${t("connect.model")}</dt>
      <dd>${copyable(modelName(), { label: t("connect.model"), then: copied })}</dd>
    </dl>
    <h3>${t("connect.programs")}</h3>
    ${choice(t("connect.programs"), "program", programs, program, (value) => {
      program = /** @type {keyof typeof PROGRAMS} */ (value);
      changed();
    })}
    ${steps(base)} ${snippet(base, copied)}`;
}

function modelName() {
  return usableModels()[0]?.name ?? state.models[0]?.name ?? "my-model";
}

/** @param {string} base */
function steps(base) {
  const count = { sillytavern: 4, openwebui: 3, cherry: 3, chatbox: 3, cline: 3, claude: 1, codex: 2, opencode: 1, python: 0, curl: 0, aider: 0 }[program];
  if (!count) return nothing;
  const values = { base, model: modelName(), host: location.origin };
  return html`<ol class="plain">
      ${Array.from({ length: count }, (_, index) => html`<li>${t(`connect.${program}.${index + 1}`, values)}</li>`)}
    </ol>`;
}

/** @param {string} base @param {() => void} then */
function snippet(base, then) {
  const key = state.server?.locked ? t("connect.key.place") : "any";
  const model = modelName();
  const text = code(base, key, model);
  return text ? copyable(text, { long: true, label: PROGRAMS[program], then }) : nothing;
}

/** @param {string} base @param {string} key @param {string} model */
function code(base, key, model) {
  const question = JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "Hello!" }] });
  switch (program) {
    case "python":
      return `# pip install openai
from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(base)}, api_key=${JSON.stringify(key)})
stream = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": "Hello!"}],
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)`;
    case "curl":
      return `curl -N ${base}/chat/completions \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer ${key}" \\
  -d '${question.replaceAll("'", "'\\''")}'`;
    case "claude":
      return JSON.stringify(
        {
          env: {
            ANTHROPIC_BASE_URL: location.origin,
            ANTHROPIC_AUTH_TOKEN: key,
            ANTHROPIC_MODEL: model,
            ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
          },
        },
        null,
        2,
      );
    case "codex":
      return `model = ${JSON.stringify(model)}
model_provider = "bridge"

[model_providers.bridge]
name = "LMArena Bridge"
base_url = ${JSON.stringify(base)}
env_key = "LMARENA_BRIDGE_KEY"
wire_api = "responses"`;
    case "aider":
      return `OPENAI_API_BASE=${base} OPENAI_API_KEY=${key} \\
  aider --model 'openai/${model.replaceAll("'", "'\\''")}'`;
    case "opencode":
      return JSON.stringify(
        {
          provider: {
            "lmarena-bridge": {
              npm: "@ai-sdk/openai-compatible",
              name: "LMArena Bridge",
              options: { baseURL: base, apiKey: key },
              models: { [model]: {} },
            },
          },
        },
        null,
        2,
      );
    default:
      return "";
  }
}
