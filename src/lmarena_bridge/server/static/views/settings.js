/** config.jsonc as a form: written in place, so that comments and all else in the file stay. */

import { failure, head, notice, withCode } from "../parts.js";
import { ask, Refused } from "../server.js";
import { changed, state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { inOwnWords, languageOf, t } from "../words.js";
import { problems } from "./problems.js";

/** @typedef {{name: string, section: string, about: string, kind: string, schema: any, secret: boolean,
 *    at_start: boolean, default: any, value: any, changed: boolean}} Setting */

/** @type {{file: string, settings: Setting[]} | null} */
let form = null;
/** What was entered and is not saved. @type {Map<string, unknown>} */
const entered = new Map();
let search = "";
let busy = false;
let saved = false;
let loaded = "";
/** @type {unknown} */
let problem = null;
/** The setting that was refused. */
let wrong = "";

/** Read again when the file has changed, here or in an editor; what was entered stays. */
function refresh() {
  const version = `${state.server?.settings ?? ""}`;
  if (version === loaded || state.link !== "live") return;
  loaded = version;
  void load();
}

async function load() {
  try {
    form = await ask("/internal/settings");
  } catch (error) {
    problem = error;
  }
  changed();
}

export function settingsView() {
  refresh();
  const text = search.trim().toLowerCase();
  const shown = (form?.settings ?? []).filter((each) => `${each.name} ${about(each)} ${section(each.section)}`.toLowerCase().includes(text));
  const sections = [...new Set(shown.map((each) => each.section))];
  return html`<div class="narrow">
    ${head(t("settings.title"), html`${t("settings.lead")} <code>${form?.file ?? ""}</code>`)} ${problems()}
    <div class="bar" role="search"><input type="search" class="wide" placeholder=${t("settings.search")} aria-label=${t("settings.search")} .value=${live(search)} @input=${(/** @type {Event} */ event) => { search = field(event).value; changed(); }} /></div>
    <form class="settings" @submit=${save} novalidate>
      ${sections.map((name) => html`<section class="card"><h2 lang=${languageOf(`section.${name}`)}>${section(name)}</h2>${shown.filter((each) => each.section === name).map(one)}</section>`)}
      <div class="save ${entered.size ? "open" : ""}">
        ${problem ? failure(problem) : saved ? notice("good", t("settings.saved")) : nothing}
        ${entered.size ? html`<div class="bar"><button class="primary" ?disabled=${busy}>${t("settings.save", { count: entered.size })}</button><button type="button" @click=${drop}>${t("settings.drop")}</button></div>` : nothing}
      </div>
    </form>
  </div>`;
}

/** @param {string} name */
function section(name) {
  return inOwnWords(`section.${name}`, name);
}

/** @param {Setting} setting */
function about(setting) {
  return inOwnWords(`about.${setting.name}`, setting.about);
}

/** @param {Event} event */
function field(event) {
  return /** @type {HTMLInputElement} */ (event.target);
}

/** @param {Setting} setting */
function one(setting) {
  const id = `setting-${setting.name}`;
  const value = entered.has(setting.name) ? entered.get(setting.name) : setting.value;
  const isDefault = entered.has(setting.name) ? entered.get(setting.name) === null : !setting.changed;
  return html`<div class="setting ${entered.has(setting.name) ? "entered" : ""} ${wrong === setting.name ? "wrong" : ""}">
    <label for=${id}><code>${setting.name}</code>${setting.at_start ? html` <span class="badge">${t("settings.restart")}</span>` : nothing}</label>
    <div class="value">${control(setting, id, value)}${isDefault ? nothing : html`<button type="button" class="small" aria-label=${`${t("settings.default")}: ${setting.name}`} @click=${() => enter(setting, null)}>${t("settings.default")}</button>`}</div>
    ${setting.about ? html`<p class="about" lang=${languageOf(`about.${setting.name}`)} id="${id}-about">${withCode(about(setting))}</p>` : nothing}
  </div>`;
}

/** @param {Setting} setting @param {string} id @param {any} value */
function control(setting, id, value) {
  const about = setting.about ? `${id}-about` : nothing;
  const now = value === null ? setting.default : value;
  const invalid = wrong === setting.name ? "true" : nothing;
  switch (setting.kind) {
    case "flag":
      return html`<input id=${id} type="checkbox" aria-describedby=${about} .checked=${live(Boolean(now))} @change=${(/** @type {Event} */ event) => enter(setting, field(event).checked)} />`;
    case "choice":
      return html`<select id=${id} aria-describedby=${about} @change=${(/** @type {Event} */ event) => enter(setting, field(event).value)}>${setting.schema.enum.map((/** @type {string} */ each) => html`<option value=${each} ?selected=${each === now}>${each}</option>`)}</select>`;
    case "number":
      return html`<input id=${id} type="number" step=${setting.schema.type === "integer" ? "1" : "any"} min=${setting.schema.minimum ?? nothing} max=${setting.schema.maximum ?? nothing} aria-describedby=${about} aria-invalid=${invalid} .value=${live(String(now))} @input=${(/** @type {Event} */ event) => enter(setting, field(event).value === "" ? "" : Number(field(event).value))} />`;
    case "texts":
      return html`<textarea id=${id} rows="2" aria-describedby=${about} aria-invalid=${invalid} placeholder=${t("settings.lines")} .value=${live((now ?? []).map((/** @type {any} */ each) => (typeof each === "string" ? each : JSON.stringify(each))).join("\n"))} @change=${(/** @type {Event} */ event) => enter(setting, field(event).value.split("\n").map((line) => line.trim()).filter(Boolean))}></textarea>`;
    case "secret":
      return html`<input id=${id} type="password" autocomplete="new-password" aria-describedby=${about} placeholder=${setting.changed ? t("settings.secret.set") : t("settings.secret.none")} .value=${live(typeof value === "string" ? value : "")} @input=${(/** @type {Event} */ event) => enter(setting, field(event).value)} />`;
    default:
      return html`<input id=${id} type="text" spellcheck="false" aria-describedby=${about} aria-invalid=${invalid} .value=${live(String(now ?? ""))} @input=${(/** @type {Event} */ event) => enter(setting, field(event).value)} />`;
  }
}

/** @param {Setting} setting @param {unknown} value null: the default */
function enter(setting, value) {
  const same = JSON.stringify(value) === JSON.stringify(setting.value);
  const back = value === null && !setting.changed;
  if (same || back) entered.delete(setting.name);
  else entered.set(setting.name, value);
  saved = false;
  problem = null;
  wrong = "";
  changed();
}

function drop() {
  entered.clear();
  problem = null;
  wrong = "";
  changed();
}

/** @param {Event} event */
async function save(event) {
  event.preventDefault();
  if (!entered.size) return;
  busy = true;
  problem = null;
  wrong = "";
  changed();
  try {
    await ask("/internal/settings", { method: "POST", body: { changes: Object.fromEntries(entered) } });
    entered.clear();
    saved = true;
    await load();
  } catch (error) {
    problem = error;
    wrong = error instanceof Refused ? error.param : "";
    document.getElementById(`setting-${wrong}`)?.focus();
  }
  busy = false;
  changed();
}
