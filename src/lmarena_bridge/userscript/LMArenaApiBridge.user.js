// ==UserScript==
// @name         LMArenaApiBridge
// @namespace    lmarena-bridge
// @version      0.0.0
// @description  Lets LMArena Bridge, a program on your own computer, ask LMArena through this tab and your login.
// @match        https://lmarena.ai/*
// @match        https://*.lmarena.ai/*
// @match        https://arena.ai/*
// @match        https://*.arena.ai/*
// @run-at       document-end
// @inject-into  page
// @noframes
// @grant        none
// @downloadURL  http://127.0.0.1:5102/LMArenaApiBridge.user.js
// @updateURL    http://127.0.0.1:5102/LMArenaApiBridge.user.js
// ==/UserScript==

/*
 * This tab is a pipe. It fetches from the page's own site what the server on this computer asks for, with the
 * login you already have here, and hands back the raw bytes; it understands nothing of them. The rules are in
 * docs/tab-protocol.md. It reads no cookie, changes nothing of the page but the title's first character, answers
 * no check meant for a person, and never reloads the page.
 */

(() => {
  "use strict";

  // The server fills this line in when it serves the file, and version and addresses above.
  const SERVED = Object.freeze({ version: "0.0.0", server: "http://127.0.0.1:5102", secret: "" });

  const SITE = /(?:^|\.)(?:lmarena|arena)\.ai$/;
  if (location.protocol !== "https:" || !SITE.test(location.hostname) || window.top !== window) return;

  // Kept before anything on the page can wrap them. In Firefox's isolated world only `content.fetch` makes a
  // request as the page would; elsewhere there is no `content`.
  const BrowserSocket = window.WebSocket;
  const contentWindow = /** @type {{content?: {fetch?: typeof fetch}}} */ (/** @type {unknown} */ (globalThis)).content;
  const siteFetch = contentWindow?.fetch?.bind(contentWindow) ?? window.fetch.bind(window);

  const PREFIX = "[LMArena Bridge]";
  const SUBPROTOCOL = "lmarena-bridge.v1";
  const SOCKET_URL = SERVED.server.replace(/^http/, "ws") + "/ws";
  const SCRIPT_URL = SERVED.server + "/LMArenaApiBridge.user.js";

  const KIB = 1024;
  const BATCH_BYTES = 32 * KIB; // what has gathered is sent at this size, or with the next message task
  const FRAME_BYTES = 256 * KIB; // the longest data frame the server takes
  const FRAME_HEAD = 12; // stream: u32, offset: u64, big-endian
  const BODY_HEAD = 4; // stream: u32

  const FIRST_DELAY = 500; // ms, until the first try to connect again
  const DELAY_GROWTH = 1.6;
  const LONGEST_DELAY = 10_000;
  const SLOW_DELAY = 30_000; // when waiting is unlikely to help
  const RARE_DELAY = 60_000; // when only a person can help
  const WELCOME_DEADLINE = 10_000;
  const PROMPT_AFTER = 2_500; // a refused connection takes 2 s on Windows; a question to the person takes longer

  // ------------------------------------------------------------------------------------------------ words

  /**
   * What the server says (docs/tab-protocol.md, "Server → tab").
   *
   * @typedef {{type: "welcome", version: string, streams: Resumed[], capture: string | null}} Welcome
   * @typedef {{stream: number, expected: number, limit: number}} Resumed
   * @typedef {{type: "fetch", stream: number, job: string, method: string, path: string,
   *   headers: Record<string, string>, report: string[], body: boolean, window: number}} Fetch
   * @typedef {{type: "page", stream: number, job: string, window: number}} Page
   * @typedef {{type: "credit", stream: number, limit: number}} Credit
   * @typedef {{type: "cancel", stream: number}} Cancel
   * @typedef {{type: "release", stream: number}} Release
   * @typedef {{type: "ping", at: number}} Ping
   * @typedef {{type: "attention", message: string | null}} Attention
   * @typedef {{type: "capture", pattern: string | null}} SetCapture
   * @typedef {Welcome | Fetch | Page | Credit | Cancel | Release | Ping | Attention | SetCapture} FromServer
   */

  /**
   * What a stream has to say besides its bytes (docs/tab-protocol.md, "Tab → server").
   *
   * @typedef {{type: "head", stream: number, status: number, headers: Record<string, string>}} Head
   * @typedef {"network" | "refused" | "redirected" | "cancelled"} Reason
   * @typedef {{type: "failed", stream: number, reason: Reason, message: string}} Failed
   * @typedef {{type: "end", stream: number, length: number}} End
   */

  /**
   * How the connection stands.
   *
   * @typedef {"connecting" | "connected" | "prompt" | "denied" | "blocked" | "absent" | "secret" | "outdated"
   *   | "elsewhere" | "misunderstood"} LinkState
   */

  // ------------------------------------------------------------------------------------------------- link

  /**
   * The one WebSocket to the server, and its return after every loss. No timer runs while it is up: the server
   * drives the heartbeat, because a hidden tab's timers are slowed to one a minute.
   */
  class Link {
    /** @type {WebSocket | null} */ #socket = null;
    #welcomed = false;
    #stopped = true;
    #blocked = false;
    #tries = 0;
    #timer = 0;
    /** @type {PermissionStatus | null} */ #permission = null;
    #on;

    /**
     * @param {{hello: () => object, message: (message: FromServer) => void, bytes: (frame: ArrayBuffer) => void,
     *   state: (state: LinkState, detail?: string) => void}} on
     */
    constructor(on) {
      this.#on = on;
      document.addEventListener("securitypolicyviolation", (event) => this.#violated(event));
    }

    /** True while bytes and messages go through. */
    get ready() {
      return this.#welcomed && this.#socket?.readyState === BrowserSocket.OPEN;
    }

    start() {
      this.#stopped = false;
      this.#tries = 0;
      this.#on.state("connecting");
      this.#open();
    }

    /** The page goes away: say so, so that nobody waits for it. */
    stop() {
      this.say({ type: "bye" });
      this.#stopped = true;
      this.#welcomed = false;
      clearTimeout(this.#timer);
      this.#socket?.close(1000);
      this.#socket = null;
    }

    /** Try at once instead of later. */
    retry() {
      if (this.#stopped || this.#socket) return;
      this.#tries = 0;
      this.#open();
    }

    /** @param {object} message */
    say(message) {
      if (this.ready) this.#socket?.send(JSON.stringify(message));
    }

    /** @param {Uint8Array<ArrayBuffer>} frame */
    send(frame) {
      this.#socket?.send(frame);
    }

    #open() {
      clearTimeout(this.#timer);
      this.#blocked = false;
      /** @type {WebSocket} */ let socket;
      try {
        socket = new BrowserSocket(SOCKET_URL, SUBPROTOCOL);
      } catch (error) {
        this.#on.state("blocked", String(error)); // Firefox, where the page's policy forbids the address
        return;
      }
      this.#socket = socket;
      socket.binaryType = "arraybuffer";
      const begun = performance.now();
      let opened = false;
      this.#timer = setTimeout(() => void this.#watch(socket), PROMPT_AFTER);

      /** @param {number} code @param {string} reason */
      const over = (code, reason) => {
        if (this.#socket !== socket) return;
        this.#socket = null;
        this.#welcomed = false;
        if (opened) this.#lost(code, reason);
        else void this.#refused(code, performance.now() - begun);
      };
      socket.onopen = () => {
        opened = true;
        socket.send(JSON.stringify(this.#on.hello()));
      };
      socket.onmessage = (event) => {
        if (this.#socket === socket) this.#receive(event.data);
      };
      socket.onclose = (event) => over(event.code, event.reason);
      // Where the page's policy forbids the address Chromium fires `error` and never `close`; else `close` follows.
      socket.onerror = () => setTimeout(over, 100, 1006, "");
    }

    /**
     * Not for ever, unless it is the person we wait for: while the browser asks for permission the socket just
     * hangs, and it opens by itself when the answer is yes.
     *
     * @param {WebSocket} socket
     */
    async #watch(socket) {
      const connecting = () => socket.readyState === BrowserSocket.CONNECTING;
      const asking = connecting() && (await this.#askPermission()) === "prompt" && connecting();
      if (this.#socket !== socket || this.#welcomed) return;
      if (asking) this.#on.state("prompt");
      this.#timer = setTimeout(() => socket.close(), asking ? RARE_DELAY : WELCOME_DEADLINE);
    }

    /** @param {string | ArrayBuffer} data */
    #receive(data) {
      try {
        // Not `instanceof`: in Firefox's isolated world the bytes are of the page's ArrayBuffer.
        if (typeof data !== "string") {
          this.#on.bytes(data);
          return;
        }
        /** @type {FromServer} */ const message = JSON.parse(data);
        if (message.type === "welcome") {
          clearTimeout(this.#timer);
          this.#welcomed = true;
          this.#tries = 0;
          this.#on.state("connected", message.version);
        }
        this.#on.message(message);
      } catch (error) {
        console.error(PREFIX, "a message of the server could not be handled:", error);
      }
    }

    /** A link that was up has ended. @param {number} code @param {string} reason */
    #lost(code, reason) {
      switch (code) {
        case 4401:
          this.#on.state("secret", reason);
          return this.#again(RARE_DELAY);
        case 4426:
          this.#on.state("outdated", reason);
          return this.#again(RARE_DELAY);
        case 4409:
          return this.#on.state("elsewhere", reason);
        case 4400:
          this.#on.state("misunderstood", reason);
          return this.#again(SLOW_DELAY);
        default:
          this.#on.state("connecting");
          return this.#again(this.#backoff());
      }
    }

    /** A link could not be made: find out why, as far as a page may know. @param {number} code @param {number} took */
    async #refused(code, took) {
      const permission = await this.#askPermission();
      if (this.#stopped || this.#socket) return;
      if (this.#blocked || code === 1015) {
        // 1015: Firefox turned ws: into wss: because the page upgrades insecure requests. Trying again would
        // only report to the site once more; the policy stays until the page is loaded anew.
        this.#on.state("blocked");
      } else if (permission === "denied") {
        this.#on.state("denied");
        this.#again(SLOW_DELAY);
      } else if (permission === "prompt" && took > PROMPT_AFTER) {
        // The question was closed without an answer. Each try asks again, and the third refusal counts as "no".
        this.#on.state("prompt");
        this.#again(RARE_DELAY);
      } else {
        this.#on.state("absent");
        this.#again(this.#backoff());
      }
    }

    /** @param {SecurityPolicyViolationEvent} event */
    #violated(event) {
      // Browsers shorten the address of a socket to its scheme, or give it in full.
      const ours = event.blockedURI === "ws" || event.blockedURI.startsWith(SOCKET_URL);
      if (!ours || event.disposition !== "enforce" || this.#welcomed || this.#stopped) return;
      this.#blocked = true;
      clearTimeout(this.#timer);
      this.#on.state("blocked");
    }

    /** Local Network Access; browsers that do not know it are "granted" as far as we are concerned. */
    async #askPermission() {
      for (const name of ["loopback-network", "local-network-access"]) {
        try {
          const status = await navigator.permissions.query({ name: /** @type {PermissionName} */ (name) });
          this.#permission = status; // held, or its event would be collected with it
          status.onchange = () => this.retry();
          return this.#permission.state;
        } catch {
          // This browser calls it something else, or has no such permission.
        }
      }
      return "granted";
    }

    #backoff() {
      const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * DELAY_GROWTH ** this.#tries++);
      return delay * (0.8 + 0.4 * Math.random());
    }

    /** @param {number} delay */
    #again(delay) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#open(), delay);
    }
  }

  // ---------------------------------------------------------------------------------------------- streams

  /** One answer on its way: what was read, what was sent, and what must be kept in case the link breaks. */
  class Stream {
    /** @type {Head | null} */ head = null;
    /** @type {End | Failed | null} */ last = null;
    headSaid = false;
    lastSaid = false;
    readTo = 0;
    sentTo = 0;
    abort = new AbortController();
    /** @type {Uint8Array<ArrayBuffer>[]} read, not sent: `sentTo … readTo` */ #unsent = [];
    /** @type {{from: number, bytes: Uint8Array<ArrayBuffer>}[]} sent, perhaps lost: up to `sentTo` */ #held = [];
    #wake = () => {};

    /** @param {number} id @param {string} job @param {number} window */
    constructor(id, job, window) {
      this.id = id;
      this.job = job;
      this.window = window;
      this.limit = window;
    }

    get heldFrom() {
      return this.#held[0]?.from ?? this.sentTo;
    }

    /** @param {Uint8Array<ArrayBuffer>} bytes */
    keep(bytes) {
      this.#unsent.push(bytes);
      this.readTo += bytes.length;
    }

    /** The next data frame, or null when there is nothing that may be sent. */
    nextFrame() {
      const size = Math.min(this.readTo, this.limit, this.sentTo + FRAME_BYTES) - this.sentTo;
      if (size <= 0) return null;
      const frame = new Uint8Array(FRAME_HEAD + size);
      const head = new DataView(frame.buffer);
      head.setUint32(0, this.id);
      head.setBigUint64(4, BigInt(this.sentTo));
      this.#take(frame.subarray(FRAME_HEAD));
      this.#held.push({ from: this.sentTo, bytes: frame.subarray(FRAME_HEAD) });
      this.sentTo += size;
      return frame;
    }

    /** Move the oldest unsent bytes into `target`, until it is full. @param {Uint8Array<ArrayBuffer>} target */
    #take(target) {
      let filled = 0;
      let used = 0;
      while (filled < target.length) {
        const chunk = /** @type {Uint8Array<ArrayBuffer>} */ (this.#unsent[used]);
        const part = chunk.subarray(0, target.length - filled);
        target.set(part, filled);
        filled += part.length;
        if (part.length === chunk.length) used += 1;
        else this.#unsent[used] = chunk.subarray(part.length);
      }
      this.#unsent.splice(0, used);
    }

    /** The server has used what lies more than a window below the new limit. @param {number} limit */
    raise(limit) {
      this.limit = Math.max(this.limit, limit);
      const gone = this.#held.findIndex(({ from, bytes }) => from + bytes.length > this.limit - this.window);
      this.#held.splice(0, gone < 0 ? this.#held.length : gone);
      this.#wake();
    }

    /**
     * Go on over a new link, from the byte the server expects.
     *
     * @param {number} expected @param {number} limit
     * @returns {boolean} false when that byte is not here any more
     */
    resume(expected, limit) {
      if (expected < this.heldFrom || expected > this.sentTo) return false;
      const again = this.#held
        .filter(({ from, bytes }) => from + bytes.length > expected)
        .map(({ from, bytes }) => bytes.subarray(Math.max(0, expected - from)));
      this.#unsent.unshift(...again);
      this.#held = [];
      this.sentTo = expected;
      this.headSaid = this.lastSaid = false;
      this.raise(limit);
      return true;
    }

    /** Resolves when there is room to read on; rejects when the stream is no longer wanted. */
    async room() {
      for (;;) {
        this.abort.signal.throwIfAborted();
        if (this.readTo < this.limit) return;
        await new Promise((resolve) => (this.#wake = () => resolve(undefined)));
      }
    }

    drop() {
      this.abort.abort();
      this.#wake();
    }
  }

  /** All streams of this tab, and the fetches they come from. */
  class Streams {
    /** @type {Map<number, Stream>} */ #table = new Map();
    /** @type {Map<number, Fetch>} fetches whose body frame has not come yet */ #awaitingBody = new Map();
    /** @type {Set<Stream>} */ #due = new Set();
    #tick = new MessageChannel();
    #link;
    #ownRequest;
    #changed;

    /**
     * @param {Link} link
     * @param {(url: string) => () => void} ownRequest called when a fetch starts; its result when it is over
     * @param {(running: number) => void} changed
     */
    constructor(link, ownRequest, changed) {
      this.#link = link;
      this.#ownRequest = ownRequest;
      this.#changed = changed;
      // Not a timer: those of a hidden tab are slowed to one a second, later to one a minute.
      this.#tick.port1.onmessage = () => {
        for (const stream of this.#due) this.#flush(stream);
        this.#due.clear();
      };
    }

    /** What this tab still holds, for `hello`. */
    list() {
      this.#awaitingBody.clear(); // their body was lost with the old link; the server sends both again
      return [...this.#table.values()].map((stream) => ({
        stream: stream.id,
        job: stream.job,
        held_from: stream.heldFrom,
        sent_to: stream.sentTo,
      }));
    }

    /** @param {Resumed[]} resumed */
    resume(resumed) {
      const wanted = new Map(resumed.map((entry) => [entry.stream, entry]));
      for (const stream of [...this.#table.values()]) {
        const entry = wanted.get(stream.id);
        if (!entry) {
          this.forget(stream.id);
        } else if (stream.resume(entry.expected, entry.limit)) {
          this.#flush(stream);
        } else {
          this.#link.say(failed(stream.id, "network", `byte ${entry.expected} is not held by the tab any more`));
          this.forget(stream.id);
        }
      }
    }

    /** @param {Fetch} order */
    order(order) {
      if (this.#table.has(order.stream)) return;
      if (order.body) this.#awaitingBody.set(order.stream, order);
      else void this.#run(order, null);
    }

    /** @param {ArrayBuffer} frame */
    body(frame) {
      const id = new DataView(frame).getUint32(0);
      const order = this.#awaitingBody.get(id);
      if (!this.#awaitingBody.delete(id) || !order) return;
      void this.#run(order, new Uint8Array(frame, BODY_HEAD));
    }

    /** @param {Page} order */
    page(order) {
      if (this.#table.has(order.stream)) return;
      const stream = this.#add(order);
      stream.head = {
        type: "head",
        stream: stream.id,
        status: 200,
        headers: { "content-type": "text/html; charset=utf-8" },
      };
      stream.keep(new TextEncoder().encode(document.documentElement.outerHTML));
      this.#finish(stream, { type: "end", stream: stream.id, length: stream.readTo });
    }

    /** @param {Credit} credit */
    credit({ stream: id, limit }) {
      const stream = this.#table.get(id);
      if (!stream) return;
      stream.raise(limit);
      this.#flush(stream);
    }

    /** @param {number} id */
    forget(id) {
      this.#awaitingBody.delete(id);
      const stream = this.#table.get(id);
      if (!stream) return;
      this.#table.delete(id);
      this.#due.delete(stream);
      stream.drop();
      this.#report();
    }

    forgetAll() {
      for (const id of [...this.#table.keys()]) this.forget(id);
      this.#awaitingBody.clear();
    }

    /** @param {{stream: number, job: string, window: number}} order */
    #add({ stream: id, job, window }) {
      const stream = new Stream(id, job, window);
      this.#table.set(id, stream);
      this.#report();
      return stream;
    }

    /** @param {Fetch} order @param {Uint8Array<ArrayBuffer> | null} body */
    async #run(order, body) {
      const stream = this.#add(order);
      const url = ownUrl(order.path);
      if (!url) {
        this.#finish(stream, failed(stream.id, "refused", "not a path of this site"));
        return;
      }
      const over = this.#ownRequest(url);
      try {
        const response = await siteFetch(url, {
          method: order.method,
          headers: order.headers,
          body,
          credentials: "include",
          redirect: "manual",
          cache: "no-store",
          signal: stream.abort.signal,
        });
        if (response.type === "opaqueredirect") {
          this.#finish(stream, failed(stream.id, "redirected", "the site answered with a redirect"));
          return;
        }
        stream.head = {
          type: "head",
          stream: stream.id,
          status: response.status,
          headers: wantedHeaders(response, order.report),
        };
        this.#flush(stream);
        if (response.body) await this.#read(stream, response.body.getReader());
        this.#finish(stream, { type: "end", stream: stream.id, length: stream.readTo });
      } catch (error) {
        // When we aborted it, the stream is forgotten already and this says nothing.
        const aborted = /** @type {{name?: string}} */ (error).name === "AbortError";
        this.#finish(stream, failed(stream.id, aborted ? "cancelled" : "network", String(error)));
      } finally {
        over();
      }
    }

    /** @param {Stream} stream @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader */
    async #read(stream, reader) {
      for (;;) {
        await stream.room();
        const { value, done } = await reader.read();
        if (done) return;
        stream.keep(value);
        if (stream.readTo - stream.sentTo >= BATCH_BYTES) this.#flush(stream);
        else this.#flushSoon(stream);
      }
    }

    /** @param {Stream} stream */
    #flushSoon(stream) {
      if (this.#due.size === 0) this.#tick.port2.postMessage(0);
      this.#due.add(stream);
    }

    /** Say and send what may be said and sent now, in order. @param {Stream} stream */
    #flush(stream) {
      if (!this.#link.ready || this.#table.get(stream.id) !== stream) return;
      if (stream.head && !stream.headSaid) {
        this.#link.say(stream.head);
        stream.headSaid = true;
      }
      for (let frame = stream.nextFrame(); frame; frame = stream.nextFrame()) this.#link.send(frame);
      if (stream.last && !stream.lastSaid && stream.sentTo === stream.readTo) {
        this.#link.say(stream.last);
        stream.lastSaid = true;
      }
    }

    /** @param {Stream} stream @param {End | Failed} last */
    #finish(stream, last) {
      stream.last ??= last;
      this.#flush(stream);
      this.#report();
    }

    #report() {
      this.#changed([...this.#table.values()].filter((stream) => !stream.last).length);
    }
  }

  /** The address of a path of this very site, or null: nothing else may ever be fetched. @param {string} path */
  function ownUrl(path) {
    if (!path.startsWith("/")) return null;
    try {
      const url = new URL(path, location.origin);
      return url.origin === location.origin ? url.href : null;
    } catch {
      return null;
    }
  }

  /** @param {Response} response @param {string[]} names */
  function wantedHeaders(response, names) {
    /** @type {Record<string, string>} */ const headers = {};
    for (const name of names) {
      const value = response.headers.get(name);
      if (value !== null) headers[name.toLowerCase()] = value.slice(0, 2_000);
    }
    return headers;
  }

  /** @param {number} stream @param {Reason} reason @param {string} message @returns {Failed} */
  function failed(stream, reason, message) {
    return { type: "failed", stream, reason, message: message.slice(0, 500) };
  }

  // ---------------------------------------------------------------------------------------------- capture

  /**
   * Sees which requests the page itself makes, by the browser's own list of them: the page is not touched.
   * An entry appears when the response is complete.
   */
  class Capture {
    /** @type {RegExp | null} */ #pattern = null;
    /** @type {{url: string, over: number}[]} our own requests, whose entries are not the page's */ #own = [];
    #seen;
    #observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#look(entry.name);
    });

    /** @param {(path: string) => void} seen */
    constructor(seen) {
      this.#seen = seen;
    }

    /** @param {string | null} pattern */
    set(pattern) {
      this.#observer.disconnect();
      this.#pattern = pattern === null ? null : new RegExp(pattern);
      if (this.#pattern) this.#observer.observe({ type: "resource" });
    }

    /** Our own fetch starts; call the result when it is over. @param {string} url */
    own(url) {
      const request = { url, over: Infinity };
      this.#forgetOld();
      this.#own.push(request);
      return () => {
        request.over = performance.now();
      };
    }

    /** @param {string} address */
    #look(address) {
      this.#forgetOld();
      const own = this.#own.findIndex((request) => request.url === address);
      if (own >= 0) {
        this.#own.splice(own, 1);
        return;
      }
      const url = new URL(address, location.href);
      const path = url.pathname + url.search;
      if (url.origin === location.origin && this.#pattern?.test(path)) this.#seen(path.slice(0, 2_000));
    }

    /** An entry comes within moments of the end; without capture nobody takes it. */
    #forgetOld() {
      const now = performance.now();
      this.#own = this.#own.filter((request) => now - request.over < 2_000);
    }
  }

  // ----------------------------------------------------------------------------------------- wakefulness

  /** Chromium does not freeze a hidden tab that holds a Web Lock; shared, so that no tab waits for another. */
  class Wakefulness {
    #release = () => {};

    hold() {
      this.#release();
      const released = new Promise((resolve) => (this.#release = () => resolve(undefined)));
      navigator.locks?.request("lmarena-bridge", { mode: "shared" }, () => released).catch(() => {
        // Storage is forbidden for this page; then the tab may be frozen, which the protocol survives.
      });
    }

    release() {
      this.#release();
    }
  }

  // --------------------------------------------------------------------------------- what the person sees

  /**
   * All there is to show. `detail`: the server's version while connected, else the reason it gave, if any;
   * `attention`: what the site wants of the person.
   *
   * @typedef {{link: LinkState, detail: string, running: number, capturing: boolean, attention: string | null}} Status
   *
   * @typedef {"good" | "busy" | "capture" | "wait" | "act" | "stop"} Tone
   * @typedef {{label: string, run: "retry" | "attended"}} Action
   * @typedef {{kind: string, tone: Tone, mark: string, label: string, title: string, text: string, advice?: string,
   *   install?: string, action?: Action}} View `kind`: changes when there is news; `mark`: of the tab's title
   */

  /** @param {Status} status @returns {View} */
  function viewOf(status) {
    if (status.link !== "connected") return { kind: status.link, mark: "", ...TROUBLE[status.link](status.detail) };
    if (status.attention !== null) {
      return {
        kind: `attention ${status.attention}`,
        tone: "act",
        mark: "⚠",
        label: "Bridge: your turn",
        title: "LMArena wants to see you",
        text: status.attention,
        advice: "Nothing is sent through this tab until you say that it is done.",
        action: { label: "Done, continue", run: "attended" },
      };
    }
    if (status.capturing) {
      return {
        kind: "capture",
        tone: "capture",
        mark: "🎯",
        label: "Bridge: click Retry",
        title: "Click Retry on the answer",
        text: "The bridge waits to learn which conversation of this tab it shall use.",
        advice: "Click Retry, the round arrow under the conversation's last answer.",
      };
    }
    const many = status.running > 1;
    return {
      kind: "connected",
      tone: status.running ? "busy" : "good",
      mark: "✅",
      label: status.running ? `Bridge: ${status.running} running` : "Bridge ready",
      title: `Connected to LMArena Bridge ${status.detail}`,
      text: status.running
        ? `${status.running} ${many ? "answers are" : "answer is"} on the way through this tab.`
        : "Programs on this computer can ask LMArena through this tab.",
      advice: "Keep the tab open; it may stay in the background.",
    };
  }

  const TRY_NOW = Object.freeze(/** @type {Action} */ ({ label: "Try now", run: "retry" }));

  /** @type {Record<Exclude<LinkState, "connected">, (detail: string) => Omit<View, "kind" | "mark">>} */
  const TROUBLE = {
    connecting: () => ({
      tone: "wait",
      label: "Bridge: connecting",
      title: "Connecting",
      text: `Looking for LMArena Bridge at ${SERVED.server}.`,
    }),
    prompt: () => ({
      tone: "act",
      label: "Bridge: click Allow",
      title: "Your browser asks you something",
      text: "It wants to know whether this site may reach apps on this device. The bridge is such an app.",
      advice: "Click Allow in the small window at the top left, below the address. If it has gone, click Try now.",
      action: TRY_NOW,
    }),
    denied: () => ({
      tone: "stop",
      label: "Bridge: not allowed",
      title: "The browser blocks the connection",
      text: "This site may not reach apps on this device, and the bridge is such an app.",
      advice: "Click the icon left of the address, find “Apps on device” and choose Allow.",
      action: TRY_NOW,
    }),
    blocked: () => ({
      tone: "stop",
      label: "Bridge: blocked",
      title: "This page blocks the connection",
      text: "The site's security policy (CSP) keeps scripts in the page from reaching this computer.",
      advice:
        "In your userscript manager let this script run outside the page (Violentmonkey: Inject into → content; " +
        "Tampermonkey: Sandbox mode → DOM) and reload the page. If that does not help, please report it.",
    }),
    absent: () => ({
      tone: "stop",
      label: "Bridge not running",
      title: "LMArena Bridge is not running",
      text: `Nothing answers at ${SERVED.server}.`,
      advice: "Start lmarena-bridge on this computer. This tab then connects by itself.",
      action: TRY_NOW,
    }),
    secret: () => ({
      tone: "stop",
      label: "Bridge: install again",
      title: "Install the script again",
      text: "This script belongs to another installation of LMArena Bridge, or its secret was renewed.",
      advice: "Install the script from the running bridge, then reload this page.",
      install: "Install the script",
    }),
    outdated: () => ({
      tone: "stop",
      label: "Bridge: update script",
      title: "Update the script",
      text: `This script (${SERVED.version}) is too old for the LMArena Bridge that is running.`,
      advice: "Install the new one, then reload this page.",
      install: "Update the script",
    }),
    elsewhere: () => ({
      tone: "wait",
      label: "Bridge: connected twice",
      title: "This tab has another connection",
      text: "LMArena Bridge talks to this tab over a newer connection, so this one has ended.",
      action: { label: "Connect here", run: "retry" },
    }),
    misunderstood: (reason) => ({
      tone: "stop",
      label: "Bridge: error",
      title: "The bridge did not understand this tab",
      text: reason || "It closed the connection because of a malformed message.",
      advice: "Install the script from the running bridge, reload this page, and report it if it happens again.",
      install: "Install the script",
    }),
  };

  /** One line in the console for each change. */
  class Log {
    #last = "";

    /** @param {View} view */
    show({ kind, tone, title, text, advice = "", install }) {
      if (kind === this.#last) return;
      this.#last = kind;
      const line = [PREFIX, `${title}. ${text} ${advice}`.trim(), ...(install ? [SCRIPT_URL] : [])];
      if (tone === "stop" || tone === "act") console.warn(...line);
      else console.info(...line);
    }
  }

  // ------------------------------------------------------------------------------------------------ title

  /** Keeps the mark in front of whatever title the page gives itself. */
  class Title {
    #mark = "";
    #own = "";
    #written = "";
    #writes = 0;
    #since = 0;
    #observer = new MutationObserver(() => this.apply());

    /** @param {string} mark */
    show(mark) {
      this.#mark = mark;
      this.apply();
    }

    /** The page may replace its whole head. */
    watch() {
      this.#observer.disconnect();
      if (document.head) this.#observer.observe(document.head, { childList: true, characterData: true, subtree: true });
      this.apply();
    }

    apply() {
      const now = document.title;
      if (now !== this.#written) this.#own = now.replace(/^(?:(?:✅|🎯|⚠) ?)+/u, "");
      const wanted = `${this.#mark} ${this.#own}`.trim();
      if (wanted === now || this.#tooOften()) return;
      document.title = wanted;
      this.#written = document.title;
    }

    /** A page that insists on its own title wins, instead of both writing for ever. */
    #tooOften() {
      const now = performance.now();
      if (now - this.#since > 1_000) {
        this.#since = now;
        this.#writes = 0;
      }
      return ++this.#writes > 20;
    }
  }

  // ------------------------------------------------------------------------------------------------ badge

  const BADGE_KEY = "lmarena-bridge-badge";
  const BADGE_STYLE = `
    :host {
      all: initial !important;
      direction: ltr !important;
      position: fixed !important;
      z-index: 2147483647 !important;
      left: calc(12px + (100% - 24px) * var(--x)) !important;
      top: calc(12px + (100% - 24px) * var(--y)) !important;
      translate: calc(-100% * var(--x)) calc(-100% * var(--y)) !important;
      transition: left .18s ease, top .18s ease, translate .18s ease !important;
    }
    :host([data-dragged]) { transition: none !important; }
    * { box-sizing: border-box; margin: 0; padding: 0; }
    [hidden] { display: none !important; }
    .badge {
      --ink: #16181d; --soft: #5a6070; --paper: #ffffff; --line: rgb(15 18 25 / .12); --glyph: #ffffff;
      --good: #12833b; --capture: #2f62d9; --wait: #667085; --act: #b45309; --stop: #c62828;
      --shadow: 0 1px 2px rgb(15 18 25 / .10), 0 6px 20px rgb(15 18 25 / .12);
      --tone: var(--good);
      position: relative;
      color: var(--ink);
      font: 500 12px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
      -webkit-font-smoothing: antialiased;
    }
    .badge[data-tone=capture] { --tone: var(--capture); }
    .badge[data-tone=wait] { --tone: var(--wait); }
    .badge[data-tone=act] { --tone: var(--act); }
    .badge[data-tone=stop] { --tone: var(--stop); }
    button, a { font: inherit; color: inherit; cursor: pointer; }
    :focus-visible { outline: 2px solid var(--tone); outline-offset: 2px; }

    .pill {
      display: flex; align-items: center; gap: 7px; height: 30px; padding: 0 12px 0 7px;
      border: 1px solid var(--line); border-radius: 15px; background: var(--paper); box-shadow: var(--shadow);
      white-space: nowrap; user-select: none; -webkit-user-select: none; touch-action: none;
    }
    .pill:hover { border-color: var(--tone); }
    .sign {
      flex: none; width: 16px; height: 16px; border-radius: 50%; background: var(--tone); fill: none;
      stroke: var(--glyph); stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round;
    }
    .badge[data-tone=busy] .sign, .badge[data-tone=capture] .sign { animation: breathe 1.8s ease-in-out infinite; }
    @keyframes breathe { 50% { box-shadow: 0 0 0 4px color-mix(in srgb, var(--tone) 24%, transparent); } }
    .badge[data-small] .pill { padding: 0; width: 30px; justify-content: center; }
    .badge[data-small] .label, .news {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
    }

    .panel {
      position: absolute; left: calc(100% * var(--x)); translate: calc(-100% * var(--x)) 0;
      width: min(312px, 100vw - 24px); padding: 14px 16px 12px;
      border: 1px solid var(--line); border-radius: 14px; background: var(--paper); box-shadow: var(--shadow);
      max-height: calc(100vh - 70px); overflow: auto; overflow-wrap: break-word; cursor: auto;
    }
    .badge[data-above] .panel { bottom: calc(100% + 8px); }
    .badge:not([data-above]) .panel { top: calc(100% + 8px); }
    .title { font-size: 13.5px; font-weight: 650; }
    .text { margin-top: 4px; color: var(--soft); }
    .badge[data-tone=act] .text { color: inherit; }
    .advice { margin-top: 6px; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
    .actions > * {
      padding: 6px 12px; border: 1px solid transparent; border-radius: 8px; font-weight: 600;
      background: var(--ink); color: var(--paper); text-decoration: none;
    }
    .actions > :hover { opacity: .86; }
    .foot {
      display: flex; align-items: baseline; justify-content: space-between; gap: 12px;
      margin-top: 12px; padding-top: 9px; border-top: 1px solid var(--line); color: var(--soft); font-size: 11px;
    }
    .foot button { flex: none; border: 0; background: none; text-decoration: underline; text-underline-offset: 2px; }
    .foot button:hover { color: var(--ink); }

    @media (prefers-color-scheme: dark) {
      .badge {
        --ink: #eceef2; --soft: #a3a9b6; --paper: #1d1f25; --line: rgb(255 255 255 / .16); --glyph: #101216;
        --good: #4ccb78; --capture: #86aaff; --wait: #9aa3b2; --act: #f3b04b; --stop: #ff8a80;
        --shadow: 0 1px 2px rgb(0 0 0 / .5), 0 8px 24px rgb(0 0 0 / .45);
        color-scheme: dark;
      }
    }
    @media (forced-colors: active) { .sign { forced-color-adjust: none; } }
    @media (prefers-reduced-motion: reduce) {
      :host { transition: none !important; }
      .sign { animation: none !important; }
    }
    @media print { :host { display: none !important; } }
  `;

  /** Strokes in a box of 16 × 16. @type {Record<Tone, string>} */
  const SIGNS = {
    good: "M4.7 8.3l2.2 2.2 4.4-4.8",
    busy: "M4.7 8.3l2.2 2.2 4.4-4.8",
    capture: "M8 4.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8zM8 8h.01",
    wait: "M4.6 8h.01M8 8h.01M11.4 8h.01",
    act: "M8 4.2v4.4M8 11.6v.01",
    stop: "M8 4.2v4.4M8 11.6v.01",
  };

  /**
   * A small pill in a corner, with a panel that says what is wrong and what to do. It lives in a closed shadow
   * root, takes no room in the page, and can be dragged or moved with the arrow keys, or shrunk to a dot.
   */
  class Badge {
    #host = element("div", "");
    #root = this.#host.attachShadow({ mode: "closed" });
    #badge = element("div", "badge");
    #pill = element("button", "pill");
    #sign = document.createElementNS("http://www.w3.org/2000/svg", "path");
    #label = element("span", "label");
    #panel = element("div", "panel");
    #title = element("p", "title");
    #text = element("p", "text");
    #advice = element("p", "advice");
    #actions = element("div", "actions");
    #size = element("button", "");
    #news = element("p", "news");
    /** @type {View | null} */ #view = null;
    #place = { x: 1, y: 1, small: false };
    #dragged = false;
    #attached = 0;
    #act;

    /** @param {(action: Action["run"]) => void} act */
    constructor(act) {
      this.#act = act;
      this.#build();
      this.#listen();
      this.#recall();
      this.#settle();
    }

    /** Into the page, or back into it when the page has thrown it out; a page that insists wins. */
    attach() {
      if (this.#host.isConnected || this.#attached >= 10) return;
      this.#attached += 1;
      document.documentElement.append(this.#host);
    }

    /** @param {View} view */
    show(view) {
      const last = this.#view;
      if (JSON.stringify(last) === JSON.stringify(view)) return;
      this.#view = view;
      this.#badge.dataset.tone = view.tone;
      this.#sign.setAttribute("d", SIGNS[view.tone]);
      this.#label.textContent = view.label;
      this.#title.textContent = view.title;
      this.#text.textContent = view.text;
      this.#advice.textContent = view.advice ?? "";
      this.#advice.hidden = !view.advice;
      if (last?.kind === view.kind) return;
      this.#showActions(view);
      this.#news.textContent = `LMArena Bridge: ${view.title}. ${view.text}`;
      if (view.mark === "⚠") this.#open(true);
    }

    /** @param {View} view */
    #showActions({ action, install }) {
      const hadFocus = this.#actions.contains(this.#root.activeElement);
      this.#actions.replaceChildren();
      if (install) {
        const link = element("a", "");
        link.href = SCRIPT_URL;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
        link.textContent = install;
        this.#actions.append(link);
      }
      if (action) {
        const button = element("button", "");
        button.type = "button";
        button.textContent = action.label;
        button.addEventListener("click", () => this.#act(action.run));
        this.#actions.append(button);
      }
      this.#actions.hidden = !this.#actions.hasChildNodes();
      if (hadFocus) this.#pill.focus();
    }

    #build() {
      // Without our style (see `adopt`) it must not push the page about either.
      this.#host.style.cssText = "all: initial; position: fixed; right: 12px; bottom: 12px; z-index: 2147483647";
      adopt(this.#root, BADGE_STYLE);
      const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      sign.setAttribute("class", "sign");
      sign.setAttribute("viewBox", "0 0 16 16");
      sign.setAttribute("aria-hidden", "true");
      sign.append(this.#sign);
      this.#pill.type = this.#size.type = "button";
      this.#pill.setAttribute("aria-expanded", "false");
      this.#pill.setAttribute("aria-controls", "panel");
      this.#pill.append(sign, this.#label);
      const hint = element("span", "hint");
      hint.textContent = "To move it: drag, or arrow keys.";
      const foot = element("div", "foot");
      foot.append(hint, this.#size);
      this.#panel.id = "panel";
      this.#panel.hidden = true;
      this.#panel.append(this.#title, this.#text, this.#advice, this.#actions, foot);
      this.#news.setAttribute("role", "status");
      this.#badge.append(this.#pill, this.#panel, this.#news);
      this.#badge.lang = "en";
      this.#root.append(this.#badge);
    }

    #listen() {
      this.#pill.addEventListener("click", (event) => {
        const endOfDrag = this.#dragged && event.detail > 0;
        this.#dragged = false;
        if (!endOfDrag) this.#open(this.#panel.hidden !== false);
      });
      this.#pill.addEventListener("pointerdown", (event) => this.#drag(event));
      this.#badge.addEventListener("keydown", (event) => this.#key(event));
      this.#size.addEventListener("click", () => {
        this.#place.small = !this.#place.small;
        this.#open(false);
        this.#settle();
        this.#remember();
      });
    }

    /** @param {boolean} open */
    #open(open) {
      this.#panel.hidden = !open;
      this.#pill.setAttribute("aria-expanded", String(open));
      if (!open && this.#panel.contains(this.#root.activeElement)) this.#pill.focus();
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
      if (event.key === "Escape" && !this.#panel.hidden) this.#open(false);
      else if (!this.#toCorner(event.key)) return;
      event.preventDefault();
      event.stopPropagation(); // the page has shortcuts of its own
    }

    /** @param {string} key @returns {boolean} false when it is not for us */
    #toCorner(key) {
      if (this.#root.activeElement !== this.#pill) return false;
      const [x, y] = [Math.round(this.#place.x), Math.round(this.#place.y)];
      if (key === "ArrowLeft") this.#move(0, y);
      else if (key === "ArrowRight") this.#move(1, y);
      else if (key === "ArrowUp") this.#move(x, 0);
      else if (key === "ArrowDown") this.#move(x, 1);
      else return false;
      this.#remember();
      return true;
    }

    /** @param {PointerEvent} start */
    #drag(start) {
      if (start.button !== 0) return;
      const box = this.#host.getBoundingClientRect();
      this.#dragged = false;
      /** @param {PointerEvent} event */
      const move = (event) => {
        const [dx, dy] = [event.clientX - start.clientX, event.clientY - start.clientY];
        if (!this.#dragged && Math.hypot(dx, dy) < 5) return; // a click is never quite still
        this.#dragged = true;
        this.#host.toggleAttribute("data-dragged", true);
        const { clientWidth, clientHeight } = document.documentElement;
        this.#move(
          (box.left + dx - 12) / (clientWidth - 24 - box.width),
          (box.top + dy - 12) / (clientHeight - 24 - box.height),
        );
      };
      const drop = () => {
        this.#pill.removeEventListener("pointermove", move);
        this.#host.toggleAttribute("data-dragged", false);
        this.#remember();
      };
      this.#pill.setPointerCapture(start.pointerId);
      this.#pill.addEventListener("pointermove", move);
      this.#pill.addEventListener("lostpointercapture", drop, { once: true });
    }

    /** @param {number} x @param {number} y shares of the window's free room, 0 … 1 */
    #move(x, y) {
      this.#place.x = Math.min(1, Math.max(0, x));
      this.#place.y = Math.min(1, Math.max(0, y));
      this.#settle();
    }

    #settle() {
      const { x, y, small } = this.#place;
      this.#host.style.setProperty("--x", x.toFixed(4));
      this.#host.style.setProperty("--y", y.toFixed(4));
      this.#badge.toggleAttribute("data-above", y > 0.5);
      this.#badge.toggleAttribute("data-small", small);
      this.#size.textContent = small ? "Show the label" : "Shrink to a dot";
    }

    #remember() {
      remember(BADGE_KEY, JSON.stringify(this.#place));
    }

    /** What lies in the page's storage may be anything. */
    #recall() {
      try {
        const { x, y, small } = JSON.parse(recall(BADGE_KEY) ?? "{}");
        if (x >= 0 && x <= 1 && y >= 0 && y <= 1) this.#place = { x, y, small: small === true };
      } catch {
        // Not ours; the corner it starts in is good enough.
      }
    }
  }

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag @param {string} className
   */
  function element(tag, className) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    return made;
  }

  /** A sheet made by script is not subject to the page's `style-src`. @param {ShadowRoot} root @param {string} css */
  function adopt(root, css) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } catch {
      // Firefox does not let a script of the isolated world do that.
      const style = element("style", "");
      style.textContent = css;
      root.append(style);
    }
  }

  // ----------------------------------------------------------------------------------------- this browser

  /** @param {string} key */
  function recall(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is forbidden for this page
    }
  }

  /** @param {string} key @param {string} value */
  function remember(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Storage is forbidden or full; it holds for this page only then.
    }
  }

  /** The same name for every tab of this browser profile on this site. */
  function profileName() {
    const key = "lmarena-bridge-profile";
    const known = recall(key);
    if (known && known.length <= 100) return known;
    const made = crypto.randomUUID();
    remember(key, made);
    return made;
  }

  /** For example "Google Chrome 156 on Linux". */
  function browserName() {
    /** @type {{userAgentData?: {brands: {brand: string, version: string}[], platform: string}}} */
    const { userAgentData } = /** @type {object} */ (navigator);
    if (userAgentData) {
      const brands = userAgentData.brands.filter(({ brand }) => !/not.*brand/i.test(brand));
      const best = brands.find(({ brand }) => brand !== "Chromium") ?? brands[0];
      return `${best?.brand ?? "Chromium"} ${best?.version ?? ""} on ${userAgentData.platform}`.slice(0, 100);
    }
    const [name, version] = /(?:Firefox|Safari)\/\d+/.exec(navigator.userAgent)?.[0].split("/") ?? ["Browser", ""];
    const platform = /Windows|Mac OS|Android|Linux/.exec(navigator.userAgent)?.[0] ?? "an unknown system";
    return `${name} ${version} on ${platform}`;
  }

  // ------------------------------------------------------------------------------------------------ start

  /** Puts the parts together, once a page. */
  function main() {
    const hail = "lmarena-bridge";
    if (!document.dispatchEvent(new Event(hail, { cancelable: true }))) {
      console.warn(PREFIX, "Another copy of this script is at work in this page; this one rests.");
      return;
    }
    document.addEventListener(hail, (event) => event.preventDefault());

    /** @type {Status} */
    const status = { link: "connecting", detail: "", running: 0, capturing: false, attention: null };
    const profile = profileName();
    let tab = crypto.randomUUID();
    let presented = false;
    const log = new Log();
    const title = new Title();
    const badge = new Badge((action) => {
      if (action === "retry") return link.retry();
      link.say({ type: "attended" });
      show({ attention: null });
    });

    /** @param {Partial<Status>} change */
    const show = (change) => {
      Object.assign(status, change);
      const view = viewOf(status);
      log.show(view);
      badge.show(view);
      if (presented) title.show(view.mark);
    };

    const visibility = () => (document.visibilityState === "visible" ? "visible" : "hidden");
    const wakefulness = new Wakefulness();
    const capture = new Capture((path) => link.say({ type: "captured", path }));
    const link = new Link({
      hello: () => ({
        type: "hello",
        version: SERVED.version,
        secret: SERVED.secret || "none",
        tab,
        profile,
        browser: browserName(),
        origin: location.origin,
        path: (location.pathname + location.search).slice(0, 2_000),
        visibility: visibility(),
        streams: streams.list(),
      }),
      message: (message) => obey(message),
      bytes: (frame) => streams.body(frame),
      state: (state, detail = "") => show({ link: state, detail }),
    });
    const streams = new Streams(
      link,
      (url) => capture.own(url),
      (running) => show({ running }),
    );

    /** @param {string | null} pattern */
    const setCapture = (pattern) => {
      capture.set(pattern);
      show({ capturing: pattern !== null });
    };

    /** Types this script does not know are none of its business. @param {FromServer} message */
    const obey = (message) => {
      switch (message.type) {
        case "welcome":
          show({ attention: null }); // said again if it lasts
          streams.resume(message.streams);
          return setCapture(message.capture);
        case "fetch":
          return streams.order(message);
        case "page":
          return streams.page(message);
        case "credit":
          return streams.credit(message);
        case "cancel":
        case "release":
          return streams.forget(message.stream);
        case "ping":
          return link.say({ type: "pong", at: message.at });
        case "attention":
          return show({ attention: message.message });
        case "capture":
          return setCapture(message.pattern);
      }
    };

    const begin = () => {
      wakefulness.hold();
      link.start();
    };
    window.addEventListener("pagehide", () => {
      streams.forgetAll();
      link.stop();
      wakefulness.release();
    });
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      tab = crypto.randomUUID(); // the server has been told that the old one is gone
      begin();
    });
    document.addEventListener("freeze", () => link.say({ type: "state", visibility: "frozen" }));
    document.addEventListener("resume", () => link.say({ type: "state", visibility: visibility() }));
    document.addEventListener("visibilitychange", () => {
      link.say({ type: "state", visibility: visibility() });
      const waiting = status.link === "absent" || status.link === "denied";
      if (waiting && visibility() === "visible") link.retry();
    });

    // Frameworks compare the page with what their server sent while it loads, and stumble over additions.
    const present = () => {
      if (presented) return;
      presented = true;
      const stay = () => {
        roots.disconnect();
        for (const node of [document, document.documentElement]) if (node) roots.observe(node, { childList: true });
        title.watch();
        badge.attach();
      };
      const roots = new MutationObserver(stay);
      stay();
      show({});
    };
    if (document.readyState === "complete") present();
    else {
      window.addEventListener("load", present, { once: true });
      setTimeout(present, 3_000);
    }
    begin();
  }

  /** A userscript manager starts us when the page is parsed; a browser driven by the bridge, before that. */
  function whenParsed() {
    if (document.contentType !== "text/html") return; // a picture or a piece of data, opened in a tab of its own
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", main, { once: true });
    else main();
  }

  const { prerendering } = /** @type {{prerendering?: boolean}} */ (/** @type {object} */ (document));
  if (prerendering) document.addEventListener("prerenderingchange", whenParsed, { once: true });
  else whenParsed();
})();
