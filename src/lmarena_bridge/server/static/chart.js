/**
 * Small charts, drawn as SVG: bars that are stacked, or lines. What they show stands in a table as well, for those
 * who cannot see them.
 */

import { html, nothing, svg } from "./vendor/lit-html/lit-html.js";
import { t } from "./words.js";

const WIDTH = 600;
const HEIGHT = 150;
const LEFT = 44;
const TOP = 8;
const BOTTOM = 22;

/**
 * @typedef {{name: string, css: string, values: (number | null)[]}} Series
 * @typedef {{title: string, kind: "bars" | "lines", times: number[], series: Series[],
 *   label: (value: number) => string, when: (at: number) => string}} Chart
 */

/** @param {Chart} chart */
export function drawn(chart) {
  const top = ceiling(highest(chart));
  const plot = WIDTH - LEFT;
  const step = plot / chart.times.length;
  const y = (/** @type {number} */ value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const x = (/** @type {number} */ index) => LEFT + step * index;
  const marks = [0, Math.floor(chart.times.length / 2), chart.times.length - 1];
  return html`<figure class="chart">
    <figcaption><b>${chart.title}</b>${legend(chart)}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
      ${[0, top / 2, top].map((value) => svg`<line class="grid" x1=${LEFT} x2=${WIDTH} y1=${y(value)} y2=${y(value)} /><text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${chart.label(value)}</text>`)}
      ${marks.map((index, place) => svg`<text x=${x(index + (place === 2 ? 1 : place / 2))} y=${HEIGHT - 6} text-anchor=${["start", "middle", "end"][place] ?? "middle"}>${chart.when(chart.times[index] ?? 0)}</text>`)}
      ${chart.kind === "bars" ? bars(chart, x, y, step) : chart.series.map((each) => line(each, x, y, step))}
      ${chart.times.map((at, index) => svg`<rect class="hit" x=${x(index)} y=${TOP} width=${step} height=${HEIGHT - TOP - BOTTOM}><title>${told(chart, at, index)}</title></rect>`)}
    </svg>
    ${table(chart)}
  </figure>`;
}

/** @param {Chart} chart */
function highest(chart) {
  const sums = chart.times.map((_, index) => {
    const here = chart.series.map((each) => each.values[index] ?? 0);
    return chart.kind === "bars" ? here.reduce((sum, value) => sum + value, 0) : Math.max(...here);
  });
  return Math.max(0, ...sums);
}

/** The next round number above. @param {number} value */
function ceiling(value) {
  if (value <= 0) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(value));
  return (([1, 2, 4, 5, 10].find((each) => each * magnitude >= value) ?? 10) * magnitude);
}

/** @param {Chart} chart @param {(index: number) => number} x @param {(value: number) => number} y @param {number} step */
function bars(chart, x, y, step) {
  return chart.times.map((_, index) => {
    let base = 0;
    return chart.series.map((each) => {
      const value = each.values[index] ?? 0;
      if (!value) return nothing;
      const bar = svg`<rect class="bar ${each.css}" x=${x(index) + step * 0.12} width=${step * 0.76} y=${y(base + value)} height=${Math.max(1, y(base) - y(base + value))} rx="1.5" />`;
      base += value;
      return bar;
    });
  });
}

/** @param {Series} series @param {(index: number) => number} x @param {(value: number) => number} y @param {number} step */
function line(series, x, y, step) {
  /** @type {string[]} */
  const path = [];
  let drawing = false;
  series.values.forEach((value, index) => {
    if (value !== null) path.push(`${drawing ? "L" : "M"}${(x(index) + step / 2).toFixed(1)} ${y(value).toFixed(1)}`);
    drawing = value !== null;
  });
  const dots = series.values.map((value, index) => (value === null ? nothing : svg`<circle class="dot ${series.css}" cx=${x(index) + step / 2} cy=${y(value)} r="2.2" />`));
  return svg`<path class="line ${series.css}" d=${path.join("")} />${dots}`;
}

/** @param {Chart} chart */
function legend(chart) {
  return html`<span class="legend">${chart.series.map((each) => html`<span class=${each.css}><i aria-hidden="true"></i>${each.name}</span>`)}</span>`;
}

/** @param {Chart} chart @param {number} at @param {number} index */
function told(chart, at, index) {
  const said = chart.series.map((each) => {
    const value = each.values[index];
    return `${each.name}: ${value === null || value === undefined ? "–" : chart.label(value)}`;
  });
  return `${chart.when(at)} · ${said.join(" · ")}`;
}

/** @param {Chart} chart */
function table(chart) {
  const rows = chart.times.map((at, index) => ({ at, values: chart.series.map((each) => each.values[index] ?? null) })).filter((row) => row.values.some((value) => value));
  return html`<table class="unseen">
    <caption>${chart.title}</caption>
    <thead><tr><th scope="col">${t("chart.time")}</th>${chart.series.map((each) => html`<th scope="col">${each.name}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr><th scope="row">${chart.when(row.at)}</th>${row.values.map((value) => html`<td>${value === null ? "–" : chart.label(value)}</td>`)}</tr>`)}</tbody>
  </table>`;
}
