/** The captured sessions and how each is doing; and capturing one more. */

import { empty, head, pill, spoken } from "../parts.js";
import { changed, state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moment, t } from "../words.js";
import { capturing } from "./capture.js";

/** @type {Record<string, import("../parts.js").Mood>} */
const MOODS = { free: "good", busy: "good", cooling: "warn", set_aside: "bad", placeholder: "quiet" };

export function sessionsView() {
  return html`${head(t("sessions.title"), t("sessions.lead"))}
    <div class="columns">
      <section class="card"><h2>${t("sessions.list")}</h2>${sessionList()}</section>
      <section class="card"><h2>${t("capture.title")}</h2>${capturing("sessions")}</section>
    </div>`;
}

export function sessionList() {
  if (!state.sessions.length) return empty(t("sessions.none"));
  /** @type {Map<string | null, import("../store.js").Session[]>} */
  const pools = new Map();
  for (const session of state.sessions) pools.set(session.model, [...(pools.get(session.model) ?? []), session]);
  return html`<ul class="rows dense">
    ${[...pools].map(
      ([model, sessions]) => html`<li>
        <div class="line">
          <div class="what"><b>${model ?? t("sessions.default")}</b>${sessions.length > 1 ? html`<span class="soft">${t("sessions.pool", { count: sessions.length })}</span>` : nothing}</div>
          ${sessions.length === 1 ? sessions.map(one) : nothing}
        </div>
        ${sessions.length > 1 ? sessions.map(one) : nothing}
      </li>`,
    )}
  </ul>`;
}

/** @param {import("../store.js").Session} session */
function one(session) {
  const cooling = session.state === "cooling" && session.until !== null;
  const word = cooling ? t("sessions.state.cooling", { until: moment(session.until ?? 0) }) : t(`sessions.state.${session.state}`, { jobs: session.jobs });
  return html`<div class="facts">
      ${pill(MOODS[session.state] ?? "quiet", word)}
      <span class="soft">${t(`capture.${session.mode === "battle" ? "battle" : "direct"}.short`)}${session.battle_target ? ` ${session.battle_target}` : ""}</span>
      <code class="soft" title="${session.session_id} / ${session.message_id}">${session.session_id.slice(0, 8)}…</code>
      ${session.profile ? html`<span class="soft">${t("tabs.profile", { profile: session.profile.slice(0, 8) })}</span>` : nothing}
    </div>
    ${session.reason ? html`<div class="advice bad">${spoken({ text: session.reason, code: "error.session_expired", values: {} })}</div>` : nothing}`;
}

// What cools down is free by itself one day; nobody sends word of it.
setInterval(() => {
  if (state.sessions.some((session) => session.until !== null)) changed();
}, 5000);
