/** The tabs: which browsers are here, how they are, and what a person must do in one. */

import { away, empty, pill } from "../parts.js";
import { ask } from "../server.js";
import { state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { ago, said, t } from "../words.js";

export function tabList() {
  if (!state.tabs.length) return html`${empty(t("tabs.none"))}${refused()}`;
  return html`<ul class="rows tabs">
      ${repeat(state.tabs, (tab) => tab.tab, row)}
    </ul>
    ${refused()}`;
}

/** @param {import("../store.js").Tab} tab */
function row(tab) {
  const [mood, word] = how(tab);
  return html`<li>
    <div class="what">
      <b>${tab.browser || t("tabs.browser")}</b>
      <span class="soft">${tab.origin.replace("https://", "")}${tab.path === "/" ? "" : tab.path}</span>
    </div>
    <div class="facts">
      ${pill(mood, word)}
      <span>${t("tabs.jobs", { count: tab.jobs })}</span>
      <span class="soft" title=${tab.profile}>${t("tabs.profile", { profile: tab.profile.slice(0, 8) })}</span>
      <span class="soft">${t("tabs.script", { version: tab.version })}</span>
      <span class="soft">${tab.last_answer ? t("tabs.answered", { ago: ago(tab.last_answer) }) : t("tabs.unanswered")}</span>
    </div>
    ${advice(tab)}
  </li>`;
}

/** @param {import("../store.js").Tab} tab @returns {[import("../parts.js").Mood, string]} */
function how(tab) {
  if (!tab.connected) return ["warn", t("tabs.state.lost")];
  if (tab.attention) return ["bad", t("tabs.state.attention")];
  if (tab.visibility === "frozen") return ["warn", t("tabs.state.frozen")];
  if (tab.version !== state.server?.version) return ["warn", t("tabs.state.version")];
  return ["good", t(`tabs.state.${tab.visibility === "hidden" ? "hidden" : "visible"}`)];
}

/** @param {import("../store.js").Tab} tab */
function advice(tab) {
  if (tab.attention) {
    return html`<div class="advice bad">
      <p>${said({ text: tab.attention, code: "tab.attention", values: {} })}</p>
      <p><button type="button" class="small" @click=${() => ask("/internal/attended", { method: "POST", body: { tab: tab.tab } })}>${t("tabs.attended")}</button></p>
    </div>`;
  }
  if (!tab.connected) return html`<p class="advice">${t("tabs.advice.lost")}</p>`;
  if (tab.visibility === "frozen") return html`<p class="advice">${t("tabs.advice.frozen")}</p>`;
  if (tab.version !== state.server?.version) {
    return html`<p class="advice">${t("tabs.advice.version")} <a href="/LMArenaApiBridge.user.js">${t("start.install.button")}</a></p>`;
  }
  return nothing;
}

/** A tab that knocked and was sent away, while none is here. */
function refused() {
  const knocked = state.server?.refused;
  if (!knocked || state.tabs.some((tab) => tab.connected)) return nothing;
  return html`<div class="advice bad">
    <p>${t("tabs.refused", { ago: ago(knocked.at) })} ${said(knocked.reason)}</p>
    <p><a href="/LMArenaApiBridge.user.js">${t("start.install.button")}</a></p>
  </div>`;
}

/** What the person may see in the tab when nothing appears here, and what helps. */
export function troubles() {
  const signs = ["nothing", "prompt", "denied", "dismissed", "absent", "blocked", "secret", "asleep"];
  return html`<details class="more">
    <summary>${t("trouble.title")}</summary>
    <dl>
      ${signs.map((sign) => html`<dt>${t(`trouble.${sign}`)}</dt><dd>${t(`trouble.${sign}.help`)}</dd>`)}
    </dl>
    <p>${t("trouble.setting")} <code>chrome://settings/content/loopbackNetwork</code></p>
    <p>${away("https://lmarena.ai/", t("start.open.button"))}</p>
  </details>`;
}
