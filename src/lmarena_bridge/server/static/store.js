/**
 * What the page knows of the server, and who wants to be told of a change.
 *
 * @typedef {import("./words.js").Sentence} Sentence
 * @typedef {{severity: "error" | "warning", file: string, message: Sentence, line: number, column: number,
 *   key: string}} Problem
 * @typedef {{state: "no_source" | "no_key" | "unknown" | "unreachable" | "refused" | "newest" | "newer", version: string,
 *   notes: string, said: string, looked: number | null, command: string}} Release
 * @typedef {{version: string, home: string, started: number, reason: string | null, locked: boolean, port: number,
 *   image_return_mode: string, file_bed: boolean, recording: boolean, recording_texts: boolean, settings: string, problems: Problem[],
 *   refused: {reason: Sentence, at: number} | null,
 *   tools_left_out: {model: string, tools: number, reason: Sentence} | null, script_fetched: boolean,
 *   others_answered: boolean, installed: string, release: Release}} Server
 * @typedef {{tab: string, profile: string, version: string, browser: string, origin: string, path: string,
 *   visibility: string, connected: boolean, attention: string | null, jobs: number,
 *   last_answer: number | null}} Tab
 * @typedef {{model: string | null, session_id: string, message_id: string, mode: string,
 *   battle_target: string | null, profile: string | null, state: string, jobs: number, until: number | null,
 *   reason: string | null}} Session
 * @typedef {{name: string, id: string | null, kind: string, session: boolean}} Model
 * @typedef {{waiting: boolean, count: number, last: {session_id: string, message_id: string} | null}} CaptureState
 * @typedef {{number: number, time: string, level: string, text: string, more: [string, string][]}} LogLine
 * @typedef {{id: number, started: number, model: string, kind: string, client: string,
 *   session: string, tab: string, attempts: number, status: number | null, code: string, message: string,
 *   prepared: number | null, first: number | null, total: number | null, tokens: number | null,
 *   estimated: boolean, asked: number, answered: number, pictures: number}} Asked
 *
 * @typedef {object} State
 * @property {"connecting" | "live" | "lost" | "refused"} link
 * @property {Server | null} server null until the first picture has come
 * @property {Tab[]} tabs
 * @property {Session[]} sessions
 * @property {Model[]} models
 * @property {CaptureState} capture
 * @property {Asked[]} running
 * @property {Asked[]} requests
 * @property {LogLine[]} log
 */

const KEPT_LINES = 400;

/** @type {State} */
export const state = {
  link: "connecting",
  server: null,
  tabs: [],
  sessions: [],
  models: [],
  capture: { waiting: false, count: 0, last: null },
  running: [],
  requests: [],
  log: [],
};

/** @type {Set<() => void>} */
const watchers = new Set();
let asked = false;

/** Be told, at most once a frame, that something has changed. @param {() => void} watcher */
export function watch(watcher) {
  watchers.add(watcher);
}

/** Something has changed: the page is drawn anew, soon. */
export function changed() {
  if (asked) return;
  asked = true;
  // A page that nobody sees need not be drawn; the next look catches up.
  requestAnimationFrame(() => {
    asked = false;
    for (const watcher of watchers) watcher();
  });
}

/** One section of the live picture has come. @param {string} name @param {any} value */
export function take(name, value) {
  if (name === "log") {
    const known = state.log.at(-1)?.number ?? 0;
    const first = value[0]?.number ?? 0;
    // A server that was started anew counts from 1.
    state.log = (first <= known ? value : [...state.log, ...value]).slice(-KEPT_LINES);
  } else if (name in state) {
    Object.assign(state, { [name]: value });
  }
  changed();
}

/** A tab that can be given work. */
export function readyTab() {
  return state.tabs.find((tab) => tab.connected && !tab.attention);
}

/** Sessions with real ids. */
export function realSessions() {
  return state.sessions.filter((session) => session.state !== "placeholder");
}

/** Models that can be asked now, those that write first. */
export function usableModels() {
  const usable = state.models.filter((model) => model.session);
  return [...usable.filter((model) => model.kind !== "image"), ...usable.filter((model) => model.kind === "image")];
}

/** What this browser remembers of the person's first steps. @param {string} name */
export function remembered(name) {
  try {
    return localStorage.getItem(`lmarena-bridge.${name}`);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(`lmarena-bridge.${name}`, value);
  } catch {
    // A browser that keeps nothing: then it is asked again.
  }
}
