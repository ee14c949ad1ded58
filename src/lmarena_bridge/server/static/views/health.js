/** Whether each link of the chain holds, and what the log says. */

import { choice, empty, failure, head, notice, pill, sentenceOf, spoken, withCode } from "../parts.js";
import { ask } from "../server.js";
import { changed, state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { ago, said, seconds, t } from "../words.js";
import { sayHello } from "./chat.js";
import { updateCard } from "./updates.js";

/** @typedef {import("../words.js").Sentence} Sentence */
/** @typedef {{link: Sentence, state: string, said: Sentence, advice: Sentence | null}} Finding */

/** @type {Record<string, import("../parts.js").Mood>} */
const MOODS = { ok: "good", warning: "warn", error: "bad", skipped: "quiet" };

/** @type {{findings: Finding[], next: Sentence | null, model: string | null} | null} */
let found = null;
let busy = false;
/** @type {unknown} */
let problem = null;
let level = "all";

export function healthView() {
  return html`${head(t("health.title"), t("health.since", { version: state.server?.version ?? "", when: ago(state.server?.started ?? 0) }))}
    <section class="card">
      <div class="bar between"><h2>${t("health.check")}</h2><button type="button" class="primary" ?disabled=${busy} @click=${check}>${busy ? t("health.checking") : t("health.begin")}</button></div>
      <p class="soft">${t("health.text")}</p>
      ${failure(problem)} ${found ? findings() : nothing}
    </section>
    ${updateCard()}
    <section class="card">
      <div class="bar between"><h2>${t("log.title")}</h2>${levels()}</div>
      ${log()}
    </section>`;
}

async function check() {
  busy = true;
  found = null;
  problem = null;
  changed();
  try {
    found = await ask("/internal/doctor");
    changed();
    if (found?.model) found.findings.push(await answer(found.model));
  } catch (error) {
    problem = error;
  }
  busy = false;
  changed();
}

/** The last link: does an answer come? @param {string} model @returns {Promise<Finding>} */
async function answer(model) {
  const link = { text: "Answer", code: "doctor.answer", values: {} };
  const begun = performance.now();
  try {
    const text = (await sayHello(model)).replace(/\s+/g, " ").trim().slice(0, 60);
    return { link, state: "ok", said: asItIs(`${model}, ${seconds((performance.now() - begun) / 1000)}: ${text}`), advice: null };
  } catch (error) {
    return { link, state: "error", said: asItIs(model), advice: sentenceOf(error) };
  }
}

/** The same in every language. @param {string} text @returns {Sentence} */
function asItIs(text) {
  return { text, code: "", values: {} };
}

function findings() {
  if (!found) return nothing;
  const next = found.findings.find((each) => each.state === "error" && each.advice)?.advice ?? found.next;
  return html`<div role="status"><ul class="rows dense findings">${found.findings.map(finding)}</ul></div>
    ${busy ? nothing : next ? notice("warn", t("health.next"), spoken(next)) : notice("good", t("health.good"))}`;
}

/** @param {Finding} each */
function finding(each) {
  return html`<li>
    <div class="finding">${pill(MOODS[each.state] ?? "quiet", said(each.link))}<span>${withCode(said(each.said))}</span></div>
    ${each.advice ? html`<div class="advice ${each.state === "error" ? "bad" : ""}">${spoken(each.advice)}</div>` : nothing}
  </li>`;
}

function levels() {
  /** @type {[string, string][]} */
  const choices = [["all", t("log.all")], ["warning", t("log.warnings")]];
  return choice(t("log.level"), "level", choices, level, (value) => {
    level = value;
    changed();
  });
}

function log() {
  const lines = state.log.filter((line) => level === "all" || line.level !== "info").slice(-200).reverse();
  if (!lines.length) return empty(t("log.none"));
  return html`<div class="log" tabindex="0" role="region" aria-label=${t("log.title")}><ol>
    ${repeat(lines, (line) => line.number, (line) => html`<li class=${line.level}><time>${line.time}</time><span class="level">${line.level}</span><span><b>${line.text}</b>${line.more.map(([name, value]) => html` <span class="soft">${name}=</span>${value}`)}</span></li>`)}
  </ol></div>`;
}
