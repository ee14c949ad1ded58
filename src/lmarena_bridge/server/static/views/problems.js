/** What is wrong in the person's files: which file, where in it, and what was expected. */

import { notice } from "../parts.js";
import { state } from "../store.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { said, t } from "../words.js";

export function problems() {
  const found = state.server?.problems ?? [];
  if (!found.length) return nothing;
  const broken = found.some((problem) => problem.severity === "error");
  return notice(
    broken ? "bad" : "warn",
    t(broken ? "problems.broken" : "problems.odd"),
    html`<ul class="plain">
      ${found.map((problem) => html`<li><b>${problem.line ? t("problems.where", { file: problem.file, line: String(problem.line), column: String(problem.column) }) : problem.file}</b>: ${said(problem.message)}</li>`)}
    </ul>`,
  );
}
