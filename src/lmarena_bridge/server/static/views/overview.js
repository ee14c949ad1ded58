/** How everything stands, at a glance. */

import { head } from "../parts.js";
import { tabList } from "./tabs.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { t } from "../words.js";

export function overviewView() {
  return html`${head(t("overview.title"))}
    <section class="card"><h2>${t("tabs.title")}</h2>${tabList()}</section>`;
}
