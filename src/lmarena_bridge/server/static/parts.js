/** The small things that all views are made of. */

import { Refused, Unreachable } from "./server.js";
import { changed } from "./store.js";
import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { currentLanguage, said, t } from "./words.js";

/** @typedef {"good" | "warn" | "bad" | "quiet"} Mood */

/** A state in a word or two. @param {Mood} mood @param {unknown} said */
export function pill(mood, said) {
  return html`<span class="pill ${mood}"><i aria-hidden="true"></i>${said}</span>`;
}

/** Something that must be seen. @param {Mood} mood @param {string} title @param {unknown} more */
export function notice(mood, title, more = nothing) {
  return html`<section class="notice ${mood}" role=${mood === "bad" ? "alert" : "status"}>
    <p class="title">${title}</p>
    ${more}
  </section>`;
}

/** The head of a view. @param {string} title @param {unknown} lead */
export function head(title, lead = nothing) {
  return html`<div class="head"><h1 tabindex="-1">${title}</h1>${lead === nothing ? nothing : html`<p class="lead">${lead}</p>`}</div>`;
}

/** Nothing is here yet, and why. @param {unknown} said */
export function empty(said) {
  return html`<p class="empty">${said}</p>`;
}

let copied = "";

/** A text to be copied, and the button for it. @param {string} text @param {{label?: string, long?: boolean, then?: () => void}} [how] */
export function copyable(text, { label, long = false, then } = {}) {
  const done = copied === text;
  const copy = async () => {
    await put(text);
    copied = text;
    changed();
    then?.();
    setTimeout(() => {
      if (copied === text) copied = "";
      changed();
    }, 2000);
  };
  return html`<div class="copyable ${long ? "long" : ""}">
    ${long ? html`<pre tabindex="0" aria-label=${label ?? nothing}><code>${text}</code></pre>` : html`<code>${text}</code>`}
    <button type="button" class="small" aria-label=${label ? `${t(done ? "copied" : "copy")}: ${label}` : nothing} @click=${copy}>
      ${done ? t("copied") : t("copy")}
    </button>
    <span class="unseen" role="status">${done ? t("copied") : ""}</span>
  </div>`;
}

/** @param {string} text */
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page that was opened on another computer has no clipboard of its own: the old way.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** A few choices of which one holds. @param {string} label @param {string} name @param {[string, string][]} choices @param {string} chosen @param {(value: string) => void} choose */
export function choice(label, name, choices, chosen, choose) {
  return html`<fieldset class="choice">
    <legend class="unseen">${label}</legend>
    ${choices.map(
      ([value, said]) => html`<label>
        <input type="radio" name=${name} value=${value} .checked=${value === chosen} @change=${() => choose(value)} />
        <span>${said}</span>
      </label>`,
    )}
  </fieldset>`;
}

/** What stands between backticks is to be typed. @param {string} text */
export function withCode(text) {
  return text.split("`").map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
}

/** What the server says. Where other languages know only its kind, its own English words stand below. @param {import("./words.js").Sentence} sentence */
export function spoken(sentence) {
  const own = said(sentence);
  const original = own !== sentence.text && sentence.code.startsWith("error.");
  const english = own === sentence.text && currentLanguage() !== "en";
  return html`<p lang=${english ? "en" : nothing}>${withCode(own)}</p>
    ${original ? html`<p class="original">${t("original")} <span lang="en">${withCode(sentence.text)}</span></p>` : nothing}`;
}

/** An error as a sentence: the server's, or that nothing comes from it. @param {unknown} error @returns {import("./words.js").Sentence} */
export function sentenceOf(error) {
  if (error instanceof Refused) return error.said;
  if (error instanceof Unreachable) return { text: t("lost.title"), code: "", values: {} };
  return { text: error instanceof Error ? error.message : String(error), code: "", values: {} };
}

/** What went wrong. @param {unknown} error */
export function failure(error) {
  return error ? notice("bad", t("failed"), spoken(sentenceOf(error))) : nothing;
}

/** A link that leads away from here. @param {string} href @param {unknown} said @param {string} [css] */
export function away(href, said, css = "") {
  return html`<a class=${css} href=${href} target="_blank" rel="noopener noreferrer">${said}<span class="unseen"> (${t("new.tab")})</span></a>`;
}

/** What a model gives, if it is not just text. @param {string} kind */
export function kindBadge(kind) {
  return kind === "text" ? nothing : html`<span class="badge ${["image", "search", "video"].includes(kind) ? kind : ""}">${["image", "search", "video"].includes(kind) ? t(`kind.${kind}`) : kind}</span>`;
}
