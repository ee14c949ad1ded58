/** The models. */

import { head } from "../parts.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { t } from "../words.js";
import { choosing } from "./choosing.js";

export function modelsView() {
  return html`${head(t("models.title"))}<section class="card">${choosing()}</section>`;
}
