/** The page: where everything is, and which view is shown. */

import { flow } from "./drawings.js";
import { notice, pill } from "./parts.js";
import { follow, hasToken, retry, useToken } from "./server.js";
import { readyTab, remember, remembered, state, usableModels, watch } from "./store.js";
import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { chatView } from "./views/chat.js";
import { healthView } from "./views/health.js";
import { modelsView } from "./views/models.js";
import { overviewView } from "./views/overview.js";
import { requestsView } from "./views/requests.js";
import { sessionsView } from "./views/sessions.js";
import { settingsView } from "./views/settings.js";
import { shelvesView } from "./views/shelves.js";
import { startView, stepsLeft } from "./views/start.js";
import { chooseLanguage, currentLanguage, LANGUAGES, loadWords, t } from "./words.js";

/** @type {Record<string, () => unknown>} */
const VIEWS = {
  start: startView,
  overview: overviewView,
  requests: requestsView,
  models: modelsView,
  sessions: sessionsView,
  chat: chatView,
  pictures: shelvesView,
  settings: settingsView,
  health: healthView,
};
const THEMES = ["auto", "light", "dark"];

let shown = "";

/** The view the address names, else the one that is most useful now. */
function wanted() {
  const name = location.hash.replace(/^#\/?/, "").split("/")[0] ?? "";
  if (name in VIEWS) return name;
  return stepsLeft() === 0 ? "overview" : "start";
}

function draw() {
  // Until the first picture has come nobody knows which view is wanted.
  if (state.server) {
    if (!location.hash) history.replaceState(null, "", `#/${wanted()}`);
    const view = wanted();
    const first = shown === "";
    const changed = shown !== view;
    shown = view;
    render(page(view), document.body);
    document.title = `${t(`nav.${view}`)} · LMArena Bridge`;
    if (changed) showPlace();
    if (changed && !first) arrive();
  } else {
    render(html`<main class="lonely" id="main">${door()}</main>`, document.body);
  }
}

/** On a small screen the views' names stand in a row that is longer than the screen. */
function showPlace() {
  document.querySelector("nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
}

/** Whoever listens or uses the keyboard goes on at the top of the new view. */
function arrive() {
  document.querySelector("h1")?.focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

/** @param {string} view */
function page(view) {
  return html`
    <a class="skip" href="#main" @click=${skip}>${t("nav.skip")}</a>
    <header class="rail">
      <a class="brand" href="#/overview">
        <img src="/static/icon.svg" alt="" width="32" height="32" />
        <span>LMArena Bridge <small>${state.server?.version}</small></span>
      </a>
      ${standing()}
      <nav aria-label=${t("nav.label")}>
        <ul>
          ${Object.keys(VIEWS).map(
            (name) => html`<li>
              <a href="#/${name}" aria-current=${name === view ? "page" : nothing}>
                ${t(`nav.${name}`)}${name === "start" && stepsLeft() ? html` <b class="count">${stepsLeft()}</b>` : nothing}
              </a>
            </li>`,
          )}
        </ul>
      </nav>
      ${wishes()}
    </header>
    <main id="main">${lost()}${VIEWS[view]?.()}</main>
  `;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.querySelector("h1")?.focus();
}

/** In one word: can one chat now? */
function standing() {
  if (state.link !== "live") return html`<p class="standing">${pill("warn", t("standing.lost"))}</p>`;
  const tab = readyTab();
  if (tab && usableModels().length) return html`<p class="standing">${pill("good", t("standing.ready"))}</p>`;
  const attention = state.tabs.some((each) => each.attention);
  const said = attention ? "standing.attention" : tab ? "standing.models" : "standing.tab";
  return html`<p class="standing">${pill(attention ? "bad" : "warn", t(said))}</p>`;
}

function wishes() {
  return html`<div class="wishes">
    <label>
      <span>${t("wish.language")}</span>
      <select @change=${(/** @type {Event} */ event) => chooseLanguage(value(event))}>
        ${Object.entries(LANGUAGES).map(
          ([code, name]) =>
            html`<option value=${code} lang=${code} ?selected=${code === currentLanguage()}>${name}</option>`,
        )}
      </select>
    </label>
    <label>
      <span>${t("wish.theme")}</span>
      <select @change=${(/** @type {Event} */ event) => chooseTheme(value(event))}>
        ${THEMES.map(
          (theme) => html`<option value=${theme} ?selected=${theme === (remembered("theme") ?? "auto")}>
            ${t(`wish.theme.${theme}`)}
          </option>`,
        )}
      </select>
    </label>
  </div>`;
}

/** @param {Event} event */
function value(event) {
  return /** @type {HTMLSelectElement} */ (event.target).value;
}

/** @param {string} theme */
function chooseTheme(theme) {
  remember("theme", theme);
  document.documentElement.dataset["theme"] = theme;
}

/** @returns {unknown} */
function lost() {
  if (state.link === "live") return nothing;
  if (state.link === "refused") return door();
  return notice(
    "warn",
    t("lost.title"),
    html`<p>${t("lost.text")} <code>lmarena-bridge serve</code></p>
      <p><button type="button" @click=${retry}>${t("lost.retry")}</button></p>`,
  );
}

/** What is seen before the server has said anything, or as long as it lets nobody in. @returns {unknown} */
function door() {
  if (state.link === "refused") {
    return html`<form class="door" @submit=${enter}>
      <h1 tabindex="-1">${t("door.title")}</h1>
      <p>${t("door.text")} <code>state/internal_token</code></p>
      <label class="field"><span>${t("door.token")}</span><input name="token" type="password" autocomplete="off" required /></label>
      ${hasToken() ? html`<p class="wrong" role="alert">${t("door.wrong")}</p>` : nothing}
      <button class="primary">${t("door.enter")}</button>
    </form>`;
  }
  return html`<h1 tabindex="-1">LMArena Bridge</h1>${state.link === "lost" ? lost() : flow({ program: true, bridge: false, tab: false, site: false })}`;
}

/** @param {SubmitEvent} event */
function enter(event) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  useToken(String(form.get("token")));
}

chooseTheme(remembered("theme") ?? "auto");
addEventListener("hashchange", draw);
await loadWords();
watch(draw);
draw();
void follow();
