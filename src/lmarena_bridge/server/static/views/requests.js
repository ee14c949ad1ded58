/** The requests: those on their way, those of late, and what became of each. */

import { empty, failure, head, notice, pill, spoken } from "../parts.js";
import { ask } from "../server.js";
import { changed, state } from "../store.js";
import { html, nothing, svg } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { ago, moment, number, seconds, t } from "../words.js";

/** @typedef {import("../store.js").Asked} Asked */

const AT_ONCE = 50;

/** Older ones, read from the history. @type {Asked[]} */
let older = [];
let more = true;
let onlyFailed = false;
let loaded = false;
/** @type {number | null} */
let chosen = null;
/** @type {{id: number, prompt: string, answer: string} | null} */
let words = null;
/** @type {unknown} */
let problem = null;

export function requestsView() {
  if (!loaded && state.link === "live") {
    loaded = true;
    void load();
  }
  const fresh = new Set(state.requests.map((each) => each.id));
  const ended = [...state.requests, ...older.filter((each) => !fresh.has(each.id))];
  const rows = [...state.running, ...(onlyFailed ? ended.filter(hasFailed) : ended)];
  const here = rows.find((each) => each.id === chosen);
  return html`${head(t("requests.title"), state.server?.recording_texts ? t("requests.lead.texts") : t("requests.lead"))}
    <div class="bar">
      <label class="check"><input type="checkbox" .checked=${onlyFailed} @change=${toggleFailed} /><span>${t("requests.failed")}</span></label>
      ${state.server?.recording ? nothing : html`<span class="soft">${t("requests.off")}</span>`}
      ${rows.length ? html`<button type="button" class="small" @click=${clear}>${t("requests.clear")}</button>` : nothing}
    </div>
    ${failure(problem)}
    <div class="beside ${here ? "open" : ""}">
      <section class="card">${requestTable(rows, choose)}${more && rows.length ? html`<p><button type="button" @click=${load}>${t("requests.more")}</button></p>` : nothing}</section>
      ${here ? details(here) : nothing}
    </div>`;
}

/** @param {Asked} row */
function hasFailed(row) {
  return row.status !== null && row.status >= 400;
}

/** @param {Event} event */
function toggleFailed(event) {
  onlyFailed = /** @type {HTMLInputElement} */ (event.target).checked;
  older = [];
  void load();
}

async function load() {
  const before = older.at(-1)?.id ?? state.requests.at(-1)?.id;
  const query = new URLSearchParams({ limit: String(AT_ONCE), failed: String(onlyFailed), ...(before ? { before: String(before) } : {}) });
  try {
    const { requests } = await ask(`/internal/history?${query}`);
    older = [...older, ...requests];
    more = requests.length === AT_ONCE;
    problem = null;
  } catch (error) {
    problem = error;
  }
  changed();
}

async function clear() {
  if (!confirm(t("requests.clear.sure"))) return;
  try {
    await ask("/internal/history", { method: "DELETE" });
    older = [];
    chosen = null;
    more = false;
  } catch (error) {
    problem = error;
  }
  changed();
}

/** @param {Asked} row */
async function choose(row) {
  chosen = chosen === row.id ? null : row.id;
  words = null;
  changed();
  if (chosen === null || !state.server?.recording_texts) return;
  try {
    words = { id: row.id, ...(await ask(`/internal/history/${row.id}/text`)) };
    changed();
  } catch {
    // It was asked before such things were kept.
  }
}

/** @param {Asked[]} rows @param {(row: Asked) => void} [choose] */
export function requestTable(rows, choose) {
  if (!rows.length) return empty(t("requests.none"));
  return html`<div class="table tall" tabindex="0" role="region" aria-label=${t("requests.title")}>
    <table>
      <thead>
        <tr><th scope="col">${t("requests.when")}</th><th scope="col">${t("requests.model")}</th><th scope="col">${t("requests.status")}</th><th scope="col" class="number wide-only">${t("requests.first")}</th><th scope="col" class="number wide-only">${t("requests.speed")}</th><th scope="col" class="number wide-only">${t("requests.size")}</th><th scope="col" class="wide-only said-beside">${t("requests.session")}</th><th scope="col" class="wide-only said-beside">${t("requests.client")}</th></tr>
      </thead>
      <tbody>
        ${repeat(rows, (row) => row.id, (row) => line(row, choose))}
      </tbody>
    </table>
  </div>`;
}

/** @param {Asked} row @param {((row: Asked) => void) | undefined} choose */
function line(row, choose) {
  const when = moment(row.started);
  return html`<tr class=${row.id === chosen && choose ? "chosen" : ""}>
    <td>${choose ? html`<button type="button" class="link" aria-expanded=${row.id === chosen} @click=${() => choose(row)}>${when}</button>` : when}</td>
    <td>${row.model ? html`<span class="name">${row.model}</span>` : html`<span class="soft">${t("requests.refused")}</span>`}</td>
    <td>${how(row)}</td>
    <td class="number wide-only">${row.first === null ? "–" : seconds(row.first)}</td>
    <td class="number wide-only">${speed(row)}</td>
    <td class="number wide-only">${row.answered ? t("requests.characters", { count: row.answered }) : row.pictures ? t("requests.pictures", { count: row.pictures }) : "–"}</td>
    <td class="wide-only said-beside"><code class="soft">${row.session ? `${row.session.slice(0, 8)}…` : "–"}</code></td>
    <td class="wide-only said-beside soft">${asker(row)}</td>
  </tr>`;
}

/** @param {Asked} row */
function how(row) {
  if (row.status === null) return pill("warn", t(row.first === null ? "requests.waiting" : "requests.streaming"));
  if (row.status === 499) return pill("quiet", t("requests.left"));
  return row.status < 400 ? pill("good", t("requests.good")) : pill("bad", html`<span translate="no">${row.status} ${row.code.split("_").map((word, index) => html`${index ? html`_<wbr />` : nothing}${word}`)}</span>`);
}

/** The program that asked, by its own name. @param {Asked} row */
function asker(row) {
  return row.client === "start page" ? t("requests.page") : row.client || "–";
}

/** @param {Asked} row */
function speed(row) {
  if (!row.tokens || row.first === null || row.total === null || row.total - row.first < 0.01) return "–";
  const value = number(row.tokens / (row.total - row.first), { maximumFractionDigits: 0 });
  return `${row.estimated ? "≈ " : ""}${t("figure.speed.value", { speed: value })}`;
}

/** @param {Asked} row */
function details(row) {
  return html`<section class="card details" aria-label=${t("requests.details")}>
    <div class="bar between"><h2>${row.model || t("requests.refused")}</h2><button type="button" class="small" @click=${() => choose(row)}>${t("close")}</button></div>
    <p>${how(row)} <span class="soft">${ago(row.started)}</span></p>
    ${row.message ? notice("bad", row.code, spoken({ text: row.message, code: `error.${row.code}`, values: {} })) : nothing}
    ${timing(row)}
    <dl class="ids">
      <dt>${t("requests.client")}</dt><dd>${asker(row)}</dd>
      <dt>${t("requests.session")}</dt><dd><code>${row.session || "–"}</code></dd>
      <dt>${t("requests.tab")}</dt><dd><code>${row.tab ? row.tab.slice(0, 8) : "–"}</code></dd>
      <dt>${t("requests.attempts")}</dt><dd>${number(row.attempts)}</dd>
      <dt>${t("requests.speed")}</dt><dd>${speed(row)}</dd>
      <dt>${t("requests.asked")}</dt><dd>${t("requests.characters", { count: row.asked })}</dd>
      <dt>${t("requests.answered")}</dt><dd>${t("requests.characters", { count: row.answered })}${row.tokens ? html`, ${row.estimated ? "≈ " : ""}${t("requests.tokens", { count: row.tokens })}` : nothing}</dd>
    </dl>
    ${words?.id === row.id ? html`<h3>${t("requests.prompt")}</h3><p class="said">${words.prompt}</p><h3>${t("chat.answer")}</h3><p class="said">${words.answer}</p>` : nothing}
  </section>`;
}

/** Where the time went, as a bar. @param {Asked} row */
function timing(row) {
  const total = row.total ?? Date.now() / 1000 - row.started;
  const prepared = row.prepared ?? total;
  const first = row.first ?? total;
  const parts = [
    { name: "prepared", from: 0, to: prepared },
    { name: "waited", from: prepared, to: first },
    { name: "streamed", from: first, to: total },
  ].filter((part) => part.to > part.from);
  const place = (/** @type {number} */ at) => (total > 0 ? (at / total) * 400 : 0);
  return html`<figure class="timing">
    <svg viewBox="0 0 400 14" preserveAspectRatio="none" aria-hidden="true">
      <rect class="ground" width="400" height="14" rx="3"></rect>
      ${parts.map((part) => bar(part.name, place(part.from), place(part.to)))}
    </svg>
    <figcaption><dl class="ids">${parts.map((part) => html`<dt class=${part.name}><i aria-hidden="true"></i>${t(`timing.${part.name}`)}</dt><dd>${seconds(part.to - part.from)}</dd>`)}<dt>${t("timing.total")}</dt><dd>${seconds(total)}</dd></dl></figcaption>
  </figure>`;
}

/** @param {string} css @param {number} from @param {number} to */
function bar(css, from, to) {
  return svg`<rect class=${css} x=${from} width=${Math.max(1, to - from)} height="14"></rect>`;
}
