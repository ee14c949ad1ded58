/** Drawings that say what words would take longer for. Their texts are the page's own, in its language. */

import { html, nothing, svg } from "./vendor/lit-html/lit-html.js";
import { t } from "./words.js";

/**
 * The way of a question, each part lit up once it works.
 *
 * @param {{program: boolean, bridge: boolean, tab: boolean, site: boolean}} works
 */
export function flow(works) {
  const parts = /** @type {const} */ (["program", "bridge", "tab", "site"]);
  const said = parts.map((part) => `${t(`flow.${part}`)}: ${works[part] ? t("flow.works") : t("flow.missing")}`).join("; ");
  return html`<figure class="flow" role="img" aria-label=${said}>
    ${parts.map(
      (part, index) => html`${index ? html`<span class="line ${works[part] ? "on" : ""}" aria-hidden="true"></span>` : nothing}
        <span class="node ${works[part] ? "on" : ""}" aria-hidden="true">${icon(part)}<span>${t(`flow.${part}`)}</span></span>`,
    )}
  </figure>`;
}

const ICONS = {
  program: svg`<path d="M5 6h14v9H9l-4 4z" /><path d="M9 9.500h6M9 12h4" />`,
  bridge: svg`<path d="M3 17c0-6 4-9 9-9s9 3 9 9M3 17h18M8 10v7M12 8v9M16 10v7" />`,
  tab: svg`<rect x="3.5" y="5" width="17" height="14" rx="2" /><path d="M3.5 9h17M6.5 7h.01M9 7h.01" />`,
  site: svg`<circle cx="12" cy="12" r="8" /><path d="M4 12h16M12 4c3 2.5 3 13.5 0 16M12 4c-3 2.5-3 13.5 0 16" />`,
};

/** @param {keyof typeof ICONS} name */
function icon(name) {
  return html`<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${ICONS[name]}</svg>`;
}

/** The browser's question whether the site may reach this program, with a finger on the right answer. */
export function permission() {
  return html`<figure class="drawing">
    <svg viewBox="0 0 420 220" role="img" aria-labelledby="permission-title" class="permission">
      <title id="permission-title">${t("permission.drawing")}</title>
      <rect class="window" x="1" y="1" width="418" height="218" rx="12" />
      <path class="bar" d="M1 13a12 12 0 0 1 12-12h394a12 12 0 0 1 12 12v33H1z" />
      <circle class="dot" cx="20" cy="23" r="4" /><circle class="dot" cx="34" cy="23" r="4" /><circle class="dot" cx="48" cy="23" r="4" />
      <rect class="address" x="66" y="11" width="330" height="24" rx="12" />
      <circle class="lock" cx="82" cy="23" r="4.5" />
      <text class="url" x="96" y="27">lmarena.ai</text>
      <g class="sheet">
        <rect x="42" y="56" width="290" height="126" rx="10" />
        <text class="ask" x="60" y="83">${t("permission.who")}</text>
        <circle class="app" cx="68" cy="109" r="5" /><circle class="app" cx="76" cy="117" r="5" />
        <text class="what" x="90" y="111">${t("permission.what1")}</text>
        <text class="what" x="90" y="127">${t("permission.what2")}</text>
        <rect class="no" x="150" y="143" width="78" height="28" rx="14" />
        <text class="no-text" x="189" y="161.5">${t("permission.block")}</text>
        <rect class="yes" x="238" y="143" width="80" height="28" rx="14" />
        <text class="yes-text" x="278" y="161.5">${t("permission.allow")}</text>
      </g>
      <circle class="ring" cx="278" cy="157" r="46" />
      <path class="hand" d="M292 168l6 30 7-9 11-1z" />
    </svg>
    <figcaption>${t("permission.caption")}</figcaption>
  </figure>`;
}
