/** Whether each link of the chain holds, and what the log says. */

import { choice, empty, failure, head, notice, pill } from "../parts.js";
import { ask } from "../server.js";
import { changed, state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { ago, seconds, t } from "../words.js";
import { sayHello } from "./chat.js";
import { updateCard } from "./updates.js";

/** @typedef {{link: string, state: string, said: string, advice: string}} Finding */

/** @type {Record<string, import("../parts.js").Mood>} */
const MOODS = { ok: "good", warning: "warn", error: "bad", skipped: "quiet" };

/** @type {{findings: Finding[], next: string, model: string | null} | null} */
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
  const begun = performance.now();
  try {
    const text = await sayHello(model);
    const said = text.replace(/\s+/g, " ").trim().slice(0, 60);
    return { link: "Answer", state: "ok", said: `${model}, ${seconds((performance.now() - begun) / 1000)}: ${said}`, advice: "" };
  } catch (error) {
    return { link: "Answer", state: "error", said: model, advice: error instanceof Error ? error.message : String(error) };
  }
}

function findings() {
  if (!found) return nothing;
  const next = found.findings.find((each) => each.state === "error" && each.advice)?.advice ?? found.next;
  return html`<ul class="rows dense findings" role="status">
      ${found.findings.map((each) => html`<li><div class="finding">${pill(MOODS[each.state] ?? "quiet", each.link)}<span>${each.said}</span></div>${each.advice ? html`<p class="advice ${each.state === "error" ? "bad" : ""}">${each.advice}</p>` : nothing}</li>`)}
    </ul>
    ${busy ? nothing : next ? notice("warn", t("health.next"), html`<p>${next}</p>`) : notice("good", t("health.good"))}`;
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
