/** The first start: seven steps, each of which ticks itself off as soon as it is done. */

import { browserName } from "../browsers.js";
import { flow, permission } from "../drawings.js";
import { away, choice, copyable, head } from "../parts.js";
import { changed, readyTab, realSessions, remember, remembered, state, usableModels } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { t } from "../words.js";
import { capturing } from "./capture.js";
import { chat, hasAnswered } from "./chat.js";
import { choosing } from "./choosing.js";
import { connecting } from "./connecting.js";
import { tabList, troubles } from "./tabs.js";

/** @type {{id: string, done: () => boolean, body: () => unknown}[]} */
const STEPS = [
  { id: "manager", done: () => scriptRuns() || remembered("manager") === "yes", body: manager },
  { id: "install", done: () => scriptRuns() || state.server?.script_fetched === true, body: install },
  { id: "open", done: () => readyTab() !== undefined, body: open },
  { id: "capture", done: () => realSessions().length > 0, body: () => capturing("start") },
  { id: "models", done: () => state.models.length > 0, body: () => choosing({ short: true }) },
  { id: "try", done: hasAnswered, body: () => chat({ small: true }) },
  { id: "connect", done: () => remembered("copied") === "yes" || state.server?.others_answered === true, body: connecting },
];

let way = "script";
/** The step that was opened by hand; null: the first that is not done. @type {string | null} */
let opened = null;
/** The step that was shown last. */
let before = "";

/** Steps whose result a person wants to see, or to go on with, before the next one opens. */
const STAYING = new Set(["capture", "models", "try"]);

/** Whether the script has ever run here: then it is installed, even if no tab is open now. */
function scriptRuns() {
  if (state.tabs.length) remember("script", "yes");
  return remembered("script") === "yes";
}

export function stepsLeft() {
  return state.server ? STEPS.filter((step) => !step.done()).length : STEPS.length;
}

export function startView() {
  const next = STEPS.find((step) => !step.done())?.id ?? "connect";
  const stays = STAYING.has(before) && before !== next;
  const current = opened ?? (stays ? before : next);
  before = current;
  const done = STEPS.length - stepsLeft();
  return html`<div class="first">
    ${head(done === STEPS.length ? t("start.done") : t("start.title"), t("start.lead"))}
    <aside class="why" aria-label=${t("start.why")}>
      ${flow({ program: hasAnswered() || state.server?.others_answered === true, bridge: state.link === "live", tab: state.tabs.some((tab) => tab.connected), site: readyTab() !== undefined && usableModels().length > 0 })}
      <section class="card"><h2>${t("start.why")}</h2><p>${t("start.why.text")}</p><p class="soft">${t("start.why.limits")}</p></section>
      <section class="card"><h2>${t("tabs.title")}</h2>${tabList()}</section>
    </aside>
    <p class="progress">
      <progress max=${STEPS.length} value=${done} aria-label=${t("start.progress")}></progress>
      <span role="status">${t("start.count", { done, all: STEPS.length })}</span>
    </p>
    <ol class="steps">
      ${STEPS.map((step, index) => stepItem(step, index, current, next))}
    </ol>
  </div>`;
}

/** @param {(typeof STEPS)[number]} step @param {number} index @param {string} current @param {string} next */
function stepItem(step, index, current, next) {
  const done = step.done();
  const isOpen = step.id === current;
  const toggle = () => {
    opened = isOpen ? "" : step.id;
    changed();
  };
  return html`<li class="step ${done ? "done" : ""} ${step.id === next && !done ? "next" : ""} ${isOpen ? "open" : ""}" id="step-${step.id}">
    <h2>
      <button type="button" aria-expanded=${isOpen} aria-controls="body-${step.id}" @click=${toggle}>
        <span class="mark" aria-hidden="true">${done ? tick() : index + 1}</span>
        <span class="name">${t(`start.${step.id}.title`)}<span class="unseen"> (${done ? t("start.is.done") : t("start.is.open")})</span></span>
        <span class="hint">${done ? nothing : step.id === next ? t("start.next") : nothing}</span>
      </button>
    </h2>
    <div class="body" id="body-${step.id}" ?hidden=${!isOpen}>
      ${isOpen ? step.body() : nothing}
      ${isOpen && done && step.id !== next ? html`<p><button type="button" class="primary" @click=${() => goOn()}>${t("start.go.on")}</button></p>` : nothing}
    </div>
  </li>`;
}

function goOn() {
  opened = null;
  before = "";
  changed();
}

function tick() {
  return html`<svg viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"><path d="M4.5 10.5l3.6 3.6 7.4-8" /></svg>`;
}

function manager() {
  /** @type {[string, string][]} */
  const ways = [
    ["script", t("start.manager.script")],
    ["window", t("start.manager.window")],
  ];
  const choose = (/** @type {string} */ value) => {
    way = value;
    changed();
  };
  return html`${choice(t("start.manager.title"), "way", ways, way, choose)}${way === "script" ? withManager() : ownWindow()}`;
}

function withManager() {
  const browser = browserName();
  return html`<p>${t("start.manager.why")}</p>
    <p class="buttons">
      ${away("https://violentmonkey.github.io/get-it/", "Violentmonkey", "button")}
      ${away("https://www.tampermonkey.net/", "Tampermonkey", "button")}
    </p>
    <p>${t(`start.manager.${browser}`)}</p>
    ${browser === "firefox" ? nothing : html`<ol class="plain">
      <li>${t("start.manager.allow1")} ${copyable(browser === "edge" ? "edge://extensions" : "chrome://extensions", { label: t("start.manager.extensions") })}</li>
      <li>${t("start.manager.allow2")}</li>
      <li>${t("start.manager.allow3")}</li>
    </ol>`}
    <p><button type="button" class="primary" @click=${haveOne}>${t("start.manager.have")}</button></p>`;
}

function haveOne() {
  remember("manager", "yes");
  goOn();
}

function ownWindow() {
  return html`<p>${t("start.window.text")}</p>
    ${copyable("lmarena-bridge serve --browser", { label: t("start.manager.window") })}
    <p class="soft">${t("start.window.note")}</p>`;
}

function install() {
  return html`<p>${t("start.install.text")}</p>
    <p><a class="button primary" href="/LMArenaApiBridge.user.js">${t("start.install.button")}</a></p>
    <p class="soft">${t("start.install.note")}</p>`;
}

function open() {
  return html`<p>${t("start.open.text")}</p>
    <p>${away("https://lmarena.ai/", t("start.open.button"), "button primary")}</p>
    ${readyTab() ? nothing : permission()}
    <h3>${t("tabs.title")}</h3>
    ${tabList()} ${troubles()}`;
}
