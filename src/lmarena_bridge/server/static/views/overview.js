/** How everything stands, at a glance: for the second screen. */

import { drawn } from "../chart.js";
import { flow } from "../drawings.js";
import { choice, head, notice, spoken } from "../parts.js";
import { ask } from "../server.js";
import { changed, readyTab, state, usableModels } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { currentLanguage, number, seconds, t } from "../words.js";
import { requestTable } from "./requests.js";
import { sessionList } from "./sessions.js";
import { problems } from "./problems.js";
import { tabList } from "./tabs.js";
import { updateNotice } from "./updates.js";

/** @typedef {{at: number, answered: number, failed: number, tokens: number, first: number | null,
 *    first_slow: number | null, speed: number | null}} Step */

const EVERY = 15_000; // ms

let span = "hour";
/** @type {Step[]} */
let steps = [];
let asked = 0;
let asking = false;
let known = "";

export function overviewView() {
  refresh();
  return html`${head(t("overview.title"))} ${problems()} ${updateNotice()} ${leftOut()}
    <section class="card glance">${flow({ program: state.server?.others_answered === true, bridge: state.link === "live", tab: state.tabs.some((tab) => tab.connected), site: readyTab() !== undefined && usableModels().length > 0 })}${figures()}</section>
    <section class="card">
      <div class="bar between"><h2>${t("overview.charts")}</h2>${spans()}</div>
      <div class="columns charts">${charts()}</div>
    </section>
    <div class="columns">
      <section class="card"><h2>${t("tabs.title")}</h2>${tabList()}</section>
      <section class="card"><h2>${t("sessions.list")}</h2>${sessionList()}</section>
    </div>
    <section class="card"><div class="bar between"><h2>${t("requests.latest")}</h2><a href="#/requests">${t("requests.all")}</a></div>${requestTable([...state.running, ...state.requests].slice(0, 8))}</section>`;
}

/** Asked for again when an answer has ended, and now and then. */
function refresh() {
  const version = `${span} ${state.requests[0]?.id ?? 0}`;
  const old = performance.now() - asked > EVERY;
  if (asking || state.link !== "live" || (version === known && !old)) return;
  known = version;
  asked = performance.now();
  asking = true;
  void load();
}

async function load() {
  try {
    steps = (await ask(`/internal/statistics?span=${span}`)).steps;
  } catch {
    // The charts stay as they are; what is wrong is said above.
  }
  asking = false;
  changed();
}

setInterval(() => {
  if (location.hash === "#/overview" && document.visibilityState === "visible") changed();
}, EVERY);

/** Tools that a client offered and no model was told of: the person may wonder why it never calls them. */
function leftOut() {
  const last = state.server?.tools_left_out;
  return last ? notice("warn", t("tools.left_out", { tools: number(last.tools), model: last.model }), spoken(last.reason)) : nothing;
}

function spans() {
  /** @type {[string, string][]} */
  const choices = ["hour", "day", "week"].map((each) => [each, t(`span.${each}`)]);
  return choice(t("overview.span"), "span", choices, span, (value) => {
    span = value;
    changed();
  });
}

function figures() {
  const sum = (/** @type {(step: Step) => number} */ of) => steps.reduce((all, step) => all + of(step), 0);
  const answered = sum((step) => step.answered);
  const failed = sum((step) => step.failed);
  const first = middle(steps.map((step) => step.first));
  const speed = middle(steps.map((step) => step.speed));
  return html`<dl class="figures-row">
    ${figure(t("figure.running"), number(state.running.length))}
    ${figure(t("figure.answered"), number(answered))}
    ${figure(t("figure.failed"), number(failed), failed ? "bad" : "")}
    ${figure(t("figure.first"), first === null ? "–" : seconds(first))}
    ${figure(t("figure.speed"), speed === null ? "–" : t("figure.speed.value", { speed: number(speed, { maximumFractionDigits: 0 }) }))}
    ${figure(t("figure.models"), number(usableModels().length))}
  </dl>`;
}

/** @param {string} name @param {string} value @param {string} [css] */
function figure(name, value, css = "") {
  return html`<div class=${css}><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** @param {(number | null)[]} values */
function middle(values) {
  const there = values.filter((value) => value !== null).sort((a, b) => a - b);
  return there[Math.floor(there.length / 2)] ?? null;
}

function charts() {
  const times = steps.map((step) => step.at);
  const clock = new Intl.DateTimeFormat(currentLanguage(), span === "week" ? { weekday: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const when = (/** @type {number} */ at) => clock.format(new Date(at * 1000));
  const count = (/** @type {number} */ value) => number(value, { notation: "compact", maximumFractionDigits: 1 });
  if (!times.length) return nothing;
  return html`
    ${drawn({ title: t("chart.requests"), kind: "bars", times, when, label: count, series: [
      { name: t("chart.answered"), css: "one", values: steps.map((step) => step.answered) },
      { name: t("chart.failed"), css: "bad", values: steps.map((step) => step.failed) },
    ] })}
    ${drawn({ title: t("chart.first"), kind: "lines", times, when, label: seconds, series: [
      { name: t("chart.middle"), css: "one", values: steps.map((step) => step.first) },
      { name: t("chart.slow"), css: "two", values: steps.map((step) => step.first_slow) },
    ] })}
    ${drawn({ title: t("chart.tokens"), kind: "bars", times, when, label: count, series: [{ name: t("chart.tokens.name"), css: "one", values: steps.map((step) => step.tokens) }] })}
    ${drawn({ title: t("chart.speed"), kind: "lines", times, when, label: count, series: [{ name: t("chart.middle"), css: "one", values: steps.map((step) => step.speed) }] })}`;
}
