/** A small chat that streams through the real API, as any client does. */

import { failure, head } from "../parts.js";
import { ask, records, Refused, send } from "../server.js";
import { changed, remember, remembered, state, usableModels } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { seconds, t } from "../words.js";

/** @typedef {{role: "user" | "assistant", text: string, thought?: string, first?: number, total?: number}} Turn */

/** @type {Turn[]} */
let turns = [];
let model = "";
let draft = "";
/** @type {AbortController | null} */
let running = null;
/** @type {unknown} */
let problem = null;

export function hasAnswered() {
  return remembered("answered") === "yes";
}

export function chatView() {
  return html`<div class="narrow">${head(t("chat.title"), t("chat.lead"))}<section class="card">${chat()}</section></div>`;
}

/** @param {{small?: boolean}} [how] */
export function chat({ small = false } = {}) {
  const models = usableModels();
  const chosen = models.find((each) => each.name === model) ?? models[0];
  if (!chosen) return html`<p class="empty">${t("chat.none")}</p>`;
  return html`<div class="chat ${small ? "small" : ""}">
    <div class="bar">
      <div class="field inline">
        <label for="chat-model">${t("chat.model")}</label>
        <select id="chat-model" @change=${(/** @type {Event} */ event) => set(() => (model = field(event).value))}>
          ${models.map((each) => html`<option value=${each.name} ?selected=${each === chosen}>${each.name}</option>`)}
        </select>
      </div>
      ${turns.length ? html`<button type="button" class="small" ?disabled=${running !== null} @click=${() => set(() => (turns = []))}>${t("chat.clear")}</button>` : nothing}
    </div>
    <div class="turns" role="log" aria-label=${t("chat.title")} tabindex="0">
      ${turns.length ? turns.map(turn) : html`<p class="empty">${t("chat.empty")}</p>`}
    </div>
    ${failure(problem)}
    <form @submit=${(/** @type {Event} */ event) => submit(event, chosen.name)}>
      <textarea rows="2" aria-label=${t("chat.message")} placeholder=${t("chat.message")} .value=${live(draft)} @input=${(/** @type {Event} */ event) => (draft = field(event).value)} @keydown=${(/** @type {KeyboardEvent} */ event) => enter(event, chosen.name)}></textarea>
      ${running
        ? html`<button type="button" @click=${() => running?.abort()}>${t("chat.stop")}</button>`
        : html`<button class="primary">${t("chat.send")}</button>`}
    </form>
  </div>`;
}

/** @param {Turn} said @param {number} index */
function turn(said, index) {
  const last = running && index === turns.length - 1;
  return html`<article class="turn ${said.role} ${last ? "running" : ""}">
    <p class="who">${said.role === "user" ? t("chat.you") : t("chat.answer")}</p>
    ${said.thought ? html`<details><summary>${t("chat.thought")}</summary><p class="text">${said.thought}</p></details>` : nothing}
    <div class="text">${pieces(said.text)}</div>
    ${said.total ? html`<p class="soft figures">${t("chat.figures", { first: seconds(said.first ?? said.total), total: seconds(said.total) })}</p>` : nothing}
  </article>`;
}

/** Text is text; only pictures that this very server gives out are shown as what they are. @param {string} text */
function pieces(text) {
  return text.split(/(!\[[^\]]*\]\([^)\s]+\))/).map((piece) => {
    const link = /^!\[([^\]]*)\]\(([^)\s]+)\)$/.exec(piece);
    const address = link?.[2] && URL.canParse(link[2]) ? new URL(link[2]) : null;
    const ours = address && address.origin === location.origin && address.pathname.startsWith("/images/");
    return ours ? html`<img src=${address.pathname} alt=${link?.[1] || t("chat.picture")} loading="lazy" />` : piece;
  });
}

/** @param {Event} event */
function field(event) {
  return /** @type {HTMLInputElement} */ (event.target);
}

/** @param {() => void} change */
function set(change) {
  change();
  changed();
}

/** @param {KeyboardEvent} event @param {string} name */
function enter(event, name) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event, name);
}

/** @param {Event} event @param {string} name */
function submit(event, name) {
  event.preventDefault();
  const text = draft.trim();
  if (!text || running) return;
  draft = "";
  void answer(text, name);
}

/** @param {string} text @param {string} name */
async function answer(text, name) {
  /** @type {Turn} */
  const reply = { role: "assistant", text: "" };
  turns = [...turns, { role: "user", text }, reply];
  problem = null;
  running = new AbortController();
  const begun = performance.now();
  const passed = () => (performance.now() - begun) / 1000;
  changed();
  try {
    for await (const delta of deltas(name, running.signal)) {
      reply.first ??= passed();
      reply.text += delta.content ?? "";
      reply.thought = (reply.thought ?? "") + (delta.reasoning_content ?? "");
      follow();
    }
    reply.total = passed();
    if (reply.text) remember("answered", "yes");
  } catch (error) {
    if (!running.signal.aborted) problem = error;
    if (!reply.text) turns = turns.filter((each) => each !== reply);
  } finally {
    running = null;
    follow();
  }
}

/** The pieces of the answer. @param {string} name @param {AbortSignal} signal */
async function* deltas(name, signal) {
  const messages = turns.filter((each) => each.text).map(({ role, text }) => ({ role, content: text }));
  const body = { model: name, messages, stream: true };
  const response = await send("/v1/chat/completions", { method: "POST", body, signal, headers: await pass() });
  for await (const { data } of records(/** @type {ReadableStream<Uint8Array>} */ (response.body))) {
    if (!data || data === "[DONE]") continue;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new Refused(chunk.error, response.status);
    for (const each of chunk.choices ?? []) yield each.delta;
  }
}

/** One word, as any client would ask for it. @param {string} name */
export async function sayHello(name) {
  const messages = [{ role: "user", content: "Say hello in one word." }];
  const response = await send("/v1/chat/completions", { method: "POST", body: { model: name, messages }, headers: await pass() });
  const said = await response.json();
  return String(said.choices[0].message.content ?? "");
}

/** Not the person's key, which this page does not know: a pass that is worth something on this page only. */
async function pass() {
  /** @type {Record<string, string>} */
  const headers = {};
  if (state.server?.locked) headers["authorization"] = `Bearer ${(await ask("/internal/pass", { method: "POST" })).pass}`;
  return headers;
}

/** Draw, and keep the end in sight. */
function follow() {
  changed();
  requestAnimationFrame(() => {
    for (const turns of document.querySelectorAll(".turns")) turns.scrollTop = turns.scrollHeight;
  });
}
