/** Newer versions: what is known of them, and how one gets them. */

import { copyable, failure, notice, pill, spoken } from "../parts.js";
import { ask } from "../server.js";
import { changed, remember, remembered, state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ago, t } from "../words.js";

const DISMISSED = "dismissed";

let busy = false;
/** @type {unknown} */
let problem = null;

/** What must be seen on the first view: a version to start, or one to install. */
export function updateNotice() {
  const { installed = "", version = "", release } = state.server ?? {};
  if (installed && installed !== version) return notice("good", t("update.title", { version: installed }), html`<p>${t("update.text", { version })}</p>`);
  if (release?.state !== "newer" || remembered(DISMISSED) === release.version) return nothing;
  return notice("good", t("release.newer", { version: release.version }), html`${newer()}<p><button type="button" class="small" @click=${dismiss}>${t("release.dismiss")}</button></p>`);
}

function dismiss() {
  remember(DISMISSED, state.server?.release.version ?? "");
  changed();
}

/** Its notes, which somebody else wrote, as the text they are; and the command. */
function newer() {
  const release = state.server?.release;
  if (!release) return nothing;
  return html`${release.notes ? html`<p class="notes">${release.notes}</p>` : nothing}
    <p>${t("release.install")}</p>
    ${copyable(release.command, { label: t("release.command") })}`;
}

/** The same with all else there is to say: where it was looked, when, and why nothing is known. */
export function updateCard() {
  const release = state.server?.release;
  if (!release) return nothing;
  const canLook = release.state !== "no_source" && release.state !== "no_key";
  return html`<section class="card updates">
    <div class="bar between"><h2>${t("release.title")}</h2>${canLook ? html`<button type="button" ?disabled=${busy} @click=${look}>${t("release.look")}</button>` : nothing}</div>
    <p role="status">${standing(release)}</p>
    ${release.state === "newer" ? newer() : nothing} ${release.said ? html`<div class="soft">${spoken({ text: release.said, code: `error.release_not_${release.state === "refused" ? "trusted" : "reached"}`, values: {} })}</div>` : nothing}
    ${canLook ? nothing : html`<p class="soft">${t("release.by.hand")} <a href="#/settings">update_url, update_public_key</a></p>`}
    ${failure(problem)}
  </section>`;
}

/** @param {import("../store.js").Release} release */
function standing(release) {
  const looked = release.looked ? html` <span class="soft">${t("release.looked", { ago: ago(release.looked) })}</span>` : nothing;
  switch (release.state) {
    case "newer":
      return html`${pill("warn", t("release.newer", { version: release.version }))}${looked}`;
    case "newest":
      return html`${pill("good", t("release.newest", { version: state.server?.version ?? "" }))}${looked}`;
    case "refused":
      return html`${pill("bad", t("release.refused"))}${looked}`;
    case "unreachable":
      return html`${pill("quiet", t("release.unreachable"))}${looked}`;
    case "no_source":
      return pill("quiet", t("release.no.source"));
    case "no_key":
      return pill("warn", t("release.no.key"));
    default:
      return pill("quiet", t("release.unknown"));
  }
}

async function look() {
  busy = true;
  problem = null;
  changed();
  try {
    await ask("/internal/look_for_release", { method: "POST" });
  } catch (error) {
    problem = error;
  }
  busy = false;
  changed();
}
