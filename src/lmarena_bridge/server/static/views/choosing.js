/** Which of the site's models clients may ask for: a table to search and tick. */

import { empty, failure, kindBadge } from "../parts.js";
import { ask } from "../server.js";
import { changed, readyTab, state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { live } from "../vendor/lit-html/directives/live.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { ago, t } from "../words.js";

/** @typedef {{name: string, id: string | null, type: string, organization: string, inputs: string[],
 *    mapped_as: string[], on_site: boolean | null}} Row */

/** @type {{looked: boolean, read_at: number | null, models: Row[]} | null} */
let list = null;
let listed = "";
let search = "";
let kind = "";
let busy = false;
/** @type {unknown} */
let problem = null;
/** @type {any} */
let told = null;

/** The list is asked for again whenever the person's models have changed, here or elsewhere. */
function refresh() {
  const version = JSON.stringify(state.models.map((model) => [model.name, model.id]));
  if (version === listed || state.link !== "live") return;
  listed = version;
  void load();
}

async function load() {
  try {
    list = await ask("/internal/models");
    problem = null;
  } catch (error) {
    problem = error;
  }
  changed();
}

/** @param {{short?: boolean}} [how] */
export function choosing({ short = false } = {}) {
  refresh();
  const rows = list?.models ?? [];
  const wanted = rows.filter(isWanted);
  return html`<p>${t("models.text")}</p>
    <div class="bar">
      <button type="button" class=${rows.length ? "" : "primary"} ?disabled=${busy || !readyTab()} @click=${update}>${busy ? t("models.updating") : t("models.update")}</button>
      ${list?.read_at ? html`<span class="soft">${t("models.read", { ago: ago(list.read_at) })}</span>` : nothing}
      ${readyTab() ? nothing : html`<span class="soft">${t("models.tab")}</span>`}
    </div>
    ${failure(problem)} ${report()}
    ${rows.length ? html`${filters(rows, wanted)}${table(wanted, short)}` : list?.looked === false && !busy ? empty(t("models.none")) : nothing}`;
}

/** @param {Row} row */
function isWanted(row) {
  const text = search.trim().toLowerCase();
  const here = [row.name, row.organization, ...row.mapped_as].some((each) => each.toLowerCase().includes(text));
  return here && (kind === "" || (kind === "mine" ? row.mapped_as.length > 0 : row.type === kind));
}

/** @param {Row[]} rows @param {Row[]} wanted */
function filters(rows, wanted) {
  const kinds = [...new Set(rows.map((row) => row.type))];
  const known = ["text", "search", "image", "video"];
  return html`<div class="bar" role="search">
    <input type="search" class="wide" placeholder=${t("models.search")} aria-label=${t("models.search")} .value=${live(search)} @input=${(/** @type {Event} */ event) => set(() => (search = field(event).value))} />
    <select aria-label=${t("models.kind")} @change=${(/** @type {Event} */ event) => set(() => (kind = field(event).value))}>
      <option value="">${t("models.kind.all")}</option>
      <option value="mine">${t("models.kind.mine")}</option>
      ${kinds.map((each) => html`<option value=${each}>${known.includes(each) ? t(`kind.${each}`) : each}</option>`)}
    </select>
    <span class="soft" role="status">${t("models.count", { count: wanted.length, chosen: rows.filter((row) => row.mapped_as.length).length })}</span>
  </div>`;
}

/** @param {Event} event */
function field(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target);
}

/** @param {() => void} change */
function set(change) {
  change();
  changed();
}

/** @param {Row[]} rows @param {boolean} short */
function table(rows, short) {
  if (!rows.length) return empty(t("models.nothing"));
  return html`<div class="table ${short ? "short" : ""}" tabindex="0" role="region" aria-label=${t("models.title")}>
    <table>
      <thead>
        <tr><th scope="col"><span class="unseen">${t("models.chosen")}</span></th><th scope="col">${t("models.model")}</th><th scope="col">${t("models.kind")}</th><th scope="col" class="wide-only">${t("models.organization")}</th><th scope="col" class="wide-only">${t("models.session")}</th></tr>
      </thead>
      <tbody>
        ${repeat(rows, (row) => `${row.id} ${row.name}`, line)}
      </tbody>
    </table>
  </div>`;
}

/** @param {Row} row */
function line(row) {
  const mine = row.mapped_as.length > 0;
  const names = row.mapped_as.filter((name) => name !== row.name);
  const usable = state.models.some((model) => row.mapped_as.includes(model.name) && model.session);
  return html`<tr>
    <td><input type="checkbox" aria-label=${row.name} .checked=${live(mine)} ?disabled=${busy || (!mine && row.id === null)} @change=${() => toggle(row, !mine)} /></td>
    <td><span class="name">${row.name}</span>${names.length ? html` <span class="soft">${t("models.as", { names: names.join(", ") })}</span>` : nothing}${row.on_site === false ? html` <span class="badge bad">${t("models.gone")}</span>` : nothing}</td>
    <td>${row.type === "text" ? html`<span class="soft">${t("kind.text")}</span>` : kindBadge(row.type)}${row.inputs.includes("image") ? html` <span class="badge">${t("models.sees")}</span>` : nothing}</td>
    <td class="wide-only soft">${row.organization}</td>
    <td class="wide-only soft">${mine ? (usable ? t("models.session.yes") : t("models.session.no")) : ""}</td>
  </tr>`;
}

/** @param {Row} row @param {boolean} add */
async function toggle(row, add) {
  busy = true;
  told = null;
  changed();
  try {
    const done = await ask("/internal/models", { method: "POST", body: add ? { add: [row.id] } : { remove: row.mapped_as } });
    told = done.taken.length ? { taken: done.taken } : null;
    await load();
  } catch (error) {
    problem = error;
  }
  busy = false;
  changed();
}

async function update() {
  busy = true;
  problem = null;
  changed();
  try {
    told = await ask("/internal/request_model_update", { method: "POST" });
    await load();
  } catch (error) {
    problem = error;
  }
  busy = false;
  changed();
}

function report() {
  if (!told) return nothing;
  if (told.taken) return html`<p class="advice" role="status">${t("models.taken", { names: told.taken.join(", ") })}</p>`;
  const changes = told.first ? "" : t("models.changes", { added: told.new.length, gone: told.gone.length, altered: told.changed.length });
  return html`<p class="advice good" role="status">${t("models.found", { count: told.models })} ${changes}</p>`;
}
