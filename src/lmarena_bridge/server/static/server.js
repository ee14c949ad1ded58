/** The server's JSON, and its live picture. */

import { changed, state, take } from "./store.js";

export class Refused extends Error {
  /** @param {{message?: string, code?: string, param?: string | null, said?: import("./words.js").Sentence}} error @param {number} status */
  constructor(error, status) {
    super(error.message ?? `HTTP ${status}`);
    this.status = status;
    this.param = error.param ?? "";
    /** @type {import("./words.js").Sentence} */
    this.said = error.said ?? { text: this.message, code: `error.${error.code ?? ""}`, values: {} };
  }
}

/** Nothing came from the server at all. */
export class Unreachable extends Error {}

const FIRST_DELAY = 500; // ms
const LONGEST_DELAY = 5_000;
const TOKEN = "lmarena-bridge.token";

/** What lets a page in that was opened on another computer. @returns {Record<string, string>} */
function credential() {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** Whether a token was given; one that is refused is a wrong one. */
export function hasToken() {
  return sessionStorage.getItem(TOKEN) !== null;
}

/** @param {string} token */
export function useToken(token) {
  sessionStorage.setItem(TOKEN, token.trim());
  retry();
}

/**
 * Ask the server. Throws Refused with the server's own sentence.
 *
 * @param {string} path
 * @param {{method?: string, body?: unknown, signal?: AbortSignal}} [how]
 * @returns {Promise<any>}
 */
export async function ask(path, how = {}) {
  const response = await send(path, how);
  return response.status === 204 ? null : response.json();
}

/**
 * The same, for an answer that is read piece by piece.
 *
 * @param {string} path
 * @param {{method?: string, body?: unknown, signal?: AbortSignal, headers?: Record<string, string>}} how
 */
export async function send(path, { method = "GET", body, signal, headers = {} }) {
  /** @type {RequestInit} */
  const init = { method, headers: { ...credential(), ...headers }, cache: "no-store" };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, "content-type": "application/json" };
  }
  if (signal) init.signal = signal;
  const response = await fetch(path, init).catch((/** @type {Error} */ error) => {
    throw error instanceof TypeError ? new Unreachable(error.message) : error;
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

/** @param {Response} response */
async function refusal(response) {
  /** @type {any} */
  let said = null;
  try {
    said = await response.json();
  } catch {
    // Not ours; the status must do.
  }
  return new Refused(said?.error ?? {}, response.status);
}

/**
 * The records of an event stream: name and data. Cut anywhere, even within a character.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{event: string, data: string}>}
 */
export async function* records(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const whole = rest.split("\n\n");
      rest = whole.pop() ?? "";
      for (const record of whole) yield parsed(record);
      if (done) return;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/** @param {string} record */
function parsed(record) {
  let event = "";
  let data = "";
  for (const line of record.split("\n")) {
    if (line.startsWith("event: ")) event = line.slice(7);
    if (line.startsWith("data: ")) data += line.slice(6);
  }
  return { event, data };
}

let wake = () => {};

/** Try the connection now, without waiting any longer. */
export function retry() {
  wake();
}

/** Follow the live picture for as long as the page is open; a lost connection is made again. */
export async function follow() {
  let delay = FIRST_DELAY;
  for (;;) {
    try {
      const response = await send("/internal/events", {});
      delay = FIRST_DELAY;
      for await (const { event, data } of records(/** @type {ReadableStream<Uint8Array>} */ (response.body))) {
        if (state.link !== "live") setLink("live");
        if (event) take(event, JSON.parse(data));
      }
      setLink("lost");
    } catch (error) {
      setLink(error instanceof Refused && error.status === 401 ? "refused" : "lost");
    }
    // Who is not let in need not ask again before a token is given.
    await pause(state.link === "refused" ? null : delay);
    delay = Math.min(delay * 1.6, LONGEST_DELAY);
  }
}

/** @param {typeof state.link} link */
function setLink(link) {
  state.link = link;
  changed();
}

/** @param {number | null} delay null: until somebody wishes otherwise */
function pause(delay) {
  return new Promise((resolve) => {
    const timer = delay === null ? 0 : setTimeout(resolve, delay);
    wake = () => {
      clearTimeout(timer);
      resolve(undefined);
    };
  });
}
