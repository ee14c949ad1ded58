/** The page's words, in the language of the person. One file of JSON is one language. */

import { changed, remember, remembered } from "./store.js";

/** Languages by their code, each by its own name. A third is one more file, and one more line here. */
export const LANGUAGES = Object.freeze({ en: "English", pl: "Polski" });

/** @type {Record<string, string>} */
let words = {};
/** @type {Record<string, string>} */
let english = {};
let language = "en";
let plurals = new Intl.PluralRules("en");

export function currentLanguage() {
  return language;
}

/** The one the person chose, else the first of the browser's that we have. */
function wanted() {
  const wishes = [remembered("language"), ...navigator.languages].map((wish) => wish?.slice(0, 2).toLowerCase());
  return wishes.find((wish) => wish && wish in LANGUAGES) ?? "en";
}

export async function loadWords() {
  english = await load("en");
  await use(wanted());
}

/** @param {string} code */
export async function chooseLanguage(code) {
  remember("language", code);
  await use(code);
}

/** @param {string} code */
async function use(code) {
  words = code === "en" ? english : await load(code);
  language = code;
  plurals = new Intl.PluralRules(code);
  document.documentElement.lang = code;
  changed();
}

/** @param {string} code @returns {Promise<Record<string, string>>} */
async function load(code) {
  const response = await fetch(`/static/languages/${code}.json`);
  return response.json();
}

/**
 * The words for `key`, with `{name}` filled in. With a `count` the form of the key that the language wants for it:
 * `key.one`, `key.few`, `key.many`, `key.other`.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const form = "count" in values ? `${key}.${plurals.select(Number(values["count"]))}` : key;
  const said = words[form] ?? words[`${key}.other`] ?? english[form] ?? english[`${key}.other`] ?? key;
  return said.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/**
 * A sentence of the server: its English words, and by what other languages know it.
 *
 * @typedef {{text: string, code: string, values: Record<string, any>}} Sentence
 */

/** What the server says, in the language of the page if that has words for it. @param {Sentence} sentence @returns {string} */
export function said({ text, code, values }) {
  const key = `said.${code}`;
  if (!(key in words || `${key}.other` in words)) return text;
  const filled = Object.entries(values).map(([name, value]) => [name, typeof value === "object" ? said(value) : value]);
  return t(key, Object.fromEntries(filled));
}

/** What the server says in English, in the language of the page, if that has words for it. @param {string} key @param {string} said */
export function inOwnWords(key, said) {
  return words[key] ?? said;
}

/** Of which language those are. @param {string} key */
export function languageOf(key) {
  return key in words ? language : "en";
}

/** @param {number} value @param {Intl.NumberFormatOptions} [options] */
export function number(value, options = {}) {
  return new Intl.NumberFormat(language, options).format(value);
}

/** @param {number} bytes */
export function size(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let step = 0;
  while (bytes >= 1024 && step < units.length - 1) {
    bytes /= 1024;
    step += 1;
  }
  return `${number(bytes, { maximumFractionDigits: step && bytes < 10 ? 1 : 0 })} ${units[step]}`;
}

/** @param {number} seconds */
export function seconds(seconds) {
  if (seconds < 1) return `${number(Math.round(seconds * 1000))} ms`;
  if (seconds < 90) return `${number(seconds, { maximumFractionDigits: seconds < 10 ? 1 : 0 })} s`;
  if (seconds < 5400) return `${number(Math.round(seconds / 60))} min`;
  return `${number(seconds / 3600, { maximumFractionDigits: 1 })} h`;
}

/** A moment of today by its time, an earlier one with its day. @param {number} at seconds since 1970 */
export function moment(at) {
  const date = new Date(at * 1000);
  const today = date.toDateString() === new Date().toDateString();
  const time = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const day = /** @type {const} */ ({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return new Intl.DateTimeFormat(language, today ? time : day).format(date);
}

/** How long ago something was, in words. @param {number} at seconds since 1970 */
export function ago(at) {
  const past = Date.now() / 1000 - at;
  if (past < 10) return t("time.now");
  const rule = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (past < 90) return rule.format(-Math.round(past), "second");
  if (past < 5400) return rule.format(-Math.round(past / 60), "minute");
  if (past < 129_600) return rule.format(-Math.round(past / 3600), "hour");
  return rule.format(-Math.round(past / 86_400), "day");
}
