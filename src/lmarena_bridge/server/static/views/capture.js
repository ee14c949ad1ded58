/** Taking a session: choose what it is for, click the button, click Retry in the tab. */

import { choice, failure, notice } from "../parts.js";
import { ask } from "../server.js";
import { changed, readyTab, state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { seconds, t } from "../words.js";

const SECONDS = 180;

let mode = "direct_chat";
let side = "A";
let model = "";
let append = false;
/** @type {AbortController | null} */
let waiting = null;
let until = 0;
/** @type {any} */
let result = null;
/** @type {unknown} */
let problem = null;

/** @param {string} place where on the page it stands */
export function capturing(place) {
  return html`<p>${t("capture.text")}</p>
    ${readyTab() ? nothing : notice("warn", t("capture.tab"))}
    ${waiting || state.capture.waiting ? wait() : form(place)} ${failure(problem)} ${result ? taken() : nothing}`;
}

/** @param {string} place */
function form(place) {
  /** @type {[string, string][]} */
  const modes = [
    ["direct_chat", t("capture.direct")],
    ["battle", t("capture.battle")],
  ];
  /** @type {[string, string][]} */
  const sides = [
    ["A", t("capture.left")],
    ["B", t("capture.right")],
  ];
  return html`<div class="form">
    ${choice(t("capture.mode"), `mode-${place}`, modes, mode, (value) => set(() => (mode = value)))}
    ${mode === "battle" ? choice(t("capture.side"), `side-${place}`, sides, side, (value) => set(() => (side = value))) : nothing}
    ${state.models.length ? target() : nothing}
    <p><button type="button" class="primary" ?disabled=${!readyTab()} @click=${begin}>${t("capture.begin")}</button></p>
  </div>`;
}

function target() {
  return html`<label class="field">
      <span>${t("capture.for")}</span>
      <select @change=${(/** @type {Event} */ event) => set(() => (model = /** @type {HTMLSelectElement} */ (event.target).value))}>
        <option value="" ?selected=${model === ""}>${t("capture.for.all")}</option>
        ${state.models.map((each) => html`<option value=${each.name} ?selected=${each.name === model}>${each.name}</option>`)}
      </select>
    </label>
    ${model
      ? html`<label class="check"><input type="checkbox" .checked=${append} @change=${(/** @type {Event} */ event) => set(() => (append = /** @type {HTMLInputElement} */ (event.target).checked))} /><span>${t("capture.append")}</span></label>`
      : nothing}`;
}

/** @param {() => void} change */
function set(change) {
  change();
  changed();
}

function wait() {
  const left = until ? Math.max(0, Math.round(until - Date.now() / 1000)) : 0;
  return html`<div class="waiting" role="status">
    <span class="pulse" aria-hidden="true"></span>
    <div>
      <p class="title">${t("capture.now")}</p>
      <p>${mode === "battle" ? t(side === "A" ? "capture.now.left" : "capture.now.right") : t("capture.now.direct")}</p>
      ${left ? html`<p class="soft">${t("capture.left.time", { time: seconds(left) })}</p>` : nothing}
      ${waiting ? html`<p><button type="button" @click=${() => waiting?.abort()}>${t("cancel")}</button></p>` : nothing}
    </div>
  </div>`;
}

async function begin() {
  waiting = new AbortController();
  until = Date.now() / 1000 + SECONDS;
  problem = null;
  result = null;
  const clock = setInterval(changed, 1000);
  changed();
  const body = { mode, timeout: SECONDS, ...(mode === "battle" ? { target: side } : {}), ...(model ? { model, append } : {}) };
  try {
    result = await ask("/internal/start_id_capture", { method: "POST", body, signal: waiting.signal });
  } catch (error) {
    if (!waiting.signal.aborted) problem = error;
  } finally {
    waiting = null;
    until = 0;
    clearInterval(clock);
    changed();
  }
}

function taken() {
  return notice(
    "good",
    t("capture.done"),
    html`<dl class="ids">
      <dt>session_id</dt><dd><code>${result.session_id}</code></dd>
      <dt>message_id</dt><dd><code>${result.message_id}</code></dd>
      <dt>${t("capture.file")}</dt><dd><code>${result.file}</code></dd>
    </dl>`,
  );
}
