/** Pictures that models drew, and files that others put here. */

import { copyable, empty, failure, head } from "../parts.js";
import { ask } from "../server.js";
import { changed, state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ago, size, t } from "../words.js";

/** @typedef {{link: string, size: number, since: number}} Kept */
/** @typedef {{id: string, name: string, size: number, purpose: string, created_at: number, expires_at: number | null}} Uploaded */

/** @type {Kept[] | null} */
let pictures = null;
/** @type {{uploaded: Uploaded[], file_bed: Kept[] | null} | null} */
let files = null;
let loaded = "";
/** @type {unknown} */
let problem = null;
let many = 60;

function refresh() {
  const version = `${location.hash} ${state.requests[0]?.id ?? 0}`;
  if (version === loaded || state.link !== "live") return;
  loaded = version;
  void load();
}

async function load() {
  try {
    [{ pictures }, files] = await Promise.all([ask("/internal/pictures"), ask("/internal/files")]);
    problem = null;
  } catch (error) {
    problem = error;
  }
  changed();
}

export function shelvesView() {
  refresh();
  return html`${head(t("pictures.title"), t("pictures.lead"))} ${failure(problem)}
    <section class="card"><h2>${t("pictures.drawn")}</h2>${gallery()}</section>
    <div class="columns">
      <section class="card"><h2>${t("files.bed")}</h2>${bed()}</section>
      <section class="card"><h2>${t("files.uploaded")}</h2>${uploaded()}</section>
    </div>`;
}

function gallery() {
  if (state.server && state.server.image_return_mode !== "local") return empty(t("pictures.elsewhere"));
  if (!pictures?.length) return empty(t("pictures.none"));
  return html`<ul class="gallery">
      ${pictures.slice(0, many).map((each, index) => html`<li><a href=${each.link} target="_blank" rel="noopener"><img src=${each.link} alt=${t("pictures.picture", { number: index + 1 })} loading="lazy" /></a><span class="soft">${ago(each.since)} · ${size(each.size)}</span></li>`)}
    </ul>
    ${pictures.length > many ? html`<p><button type="button" @click=${() => { many += 60; changed(); }}>${t("pictures.more")}</button></p>` : nothing}`;
}

function bed() {
  if (!files) return nothing;
  if (files.file_bed === null) return empty(t("files.bed.none"));
  if (!files.file_bed.length) return empty(t("files.none"));
  return html`<ul class="rows dense">${files.file_bed.map((each) => html`<li><div class="line">${copyable(location.origin + each.link, { label: each.link })}<span class="soft">${ago(each.since)} · ${size(each.size)}</span></div></li>`)}</ul>`;
}

function uploaded() {
  if (!files) return nothing;
  if (!files.uploaded.length) return empty(t("files.none"));
  return html`<ul class="rows dense">${files.uploaded.map((each) => html`<li><div class="line"><div class="what"><b>${each.name}</b> <code class="soft">${each.id.slice(0, 13)}…</code></div><span class="soft">${ago(each.created_at)} · ${size(each.size)}</span></div></li>`)}</ul>`;
}
