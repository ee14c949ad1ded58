// @ts-check
/**
 * The practice arena's own page script: Retry and Ask make the page's own request to the retry endpoint and
 * stream the answer into the page; the panel shows what the arena received.
 */
(() => {
  'use strict';

  /** @typedef {{ sessionId: string, mode: string, kind: string, question: string }} Session */
  /**
   * @typedef {object} Entry
   * @property {number} number
   * @property {string} at
   * @property {string} path
   * @property {string} state
   * @property {number | null} status
   * @property {number} bytes_sent
   * @property {number | null} seconds
   * @property {string | null} model
   * @property {string | null} side
   * @property {{ role: string, text: string, characters: number }[]} messages
   */
  /** @typedef {{ version: number, open_streams: number, count: number, requests: Entry[] }} Report */

  const SHOWN = 12;
  const LINE = /^[ab][0-9a-z]:/;

  /** @template {Element} T @param {string} selector @param {new () => T} type @param {ParentNode} [within] @returns {T} */
  function find(selector, type, within = document) {
    const found = within.querySelector(selector);
    if (!(found instanceof type)) throw new Error(`The page has no ${selector}`);
    return found;
  }

  /** @param {string} name @param {string} className @param {string} [text] */
  function make(name, className, text = '') {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    return element;
  }

  // -- The page's own request -------------------------------------------------------------------------------

  /** The body of a retry, as the site's page made it in autumn 2025. @param {Session} session @param {string} side */
  function retryBody(session, side) {
    const now = new Date().toISOString();
    return {
      messages: [
        {
          id: crypto.randomUUID(),
          role: 'user',
          content: session.question,
          experimental_attachments: [],
          parentMessageIds: [],
          participantPosition: session.mode === 'battle' ? side : 'a',
          evaluationId: null,
          evaluationSessionId: session.sessionId,
          status: session.kind === 'image' ? 'success' : 'pending',
          failureReason: null,
          metadata: {},
          createdAt: now,
          updatedAt: now,
        },
      ],
      modelId: null,
    };
  }

  /** Reads whole lines from a body, whatever the network cuts. @param {ReadableStream<Uint8Array>} body */
  async function* lines(body) {
    const reader = body.pipeThrough(/** @type {any} */ (new TextDecoderStream())).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      rest += value;
      const whole = rest.split('\n');
      rest = whole.pop() ?? '';
      yield* whole;
    }
    if (rest) yield rest;
  }

  /** One answer on the page. */
  class Answer {
    /** @param {HTMLElement} article @param {Session} session */
    constructor(article, session) {
      this.session = session;
      this.side = article.dataset.side ?? 'a';
      this.messageId = article.dataset.messageId ?? '';
      this.text = find('[data-answer]', HTMLElement, article);
      this.thoughts = find('[data-thoughts]', HTMLElement, article);
      this.sources = find('[data-sources]', HTMLElement, article);
      this.pictures = find('[data-pictures]', HTMLElement, article);
      this.trouble = find('[data-trouble]', HTMLElement, article);
      this.state = find('[data-state]', HTMLElement, article);
      this.button = find('[data-retry]', HTMLButtonElement, article);
      /** @type {AbortController | null} */
      this.running = null;
      this.button.addEventListener('click', () => (this.running ? this.running.abort() : void this.retry()));
    }

    async retry() {
      this.clear();
      const stop = new AbortController();
      this.running = stop;
      this.button.textContent = 'Stop';
      this.state.textContent = 'answering …';
      try {
        await this.stream(stop.signal);
        this.state.textContent = '';
      } catch (error) {
        this.state.textContent = stop.signal.aborted ? 'stopped' : '';
        if (!stop.signal.aborted) this.fail(String(error));
      }
      this.running = null;
      this.button.textContent = 'Retry';
    }

    /** @param {AbortSignal} signal */
    async stream(signal) {
      const { sessionId } = this.session;
      const path = `/nextjs-api/stream/retry-evaluation-session-message/${sessionId}/messages/${this.messageId}`;
      const response = await fetch(path, {
        method: 'PUT',
        headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
        body: JSON.stringify(retryBody(this.session, this.side)),
        credentials: 'include',
        signal,
      });
      if (!response.ok || !response.body) {
        this.fail(`${response.status}: ${(await response.text()).slice(0, 300)}`);
        return;
      }
      for await (const line of lines(response.body)) this.take(line.replace(/^data: /, '').trim());
    }

    /** @param {string} line */
    take(line) {
      if (!line) return;
      if (!LINE.test(line)) {
        this.fail(line.slice(0, 300));
        return;
      }
      if (line[0] !== this.side) return;
      const value = parsed(line.slice(3));
      const part = parts[line[1] ?? ''];
      if (value !== undefined && part) part(this, value);
    }

    /** @param {string} message */
    fail(message) {
      this.trouble.hidden = false;
      this.trouble.textContent = message;
    }

    clear() {
      for (const element of [this.text, this.thoughts, this.sources, this.pictures, this.trouble]) element.replaceChildren();
      this.trouble.hidden = true;
      this.sources.hidden = true;
      if (this.thoughts.parentElement) this.thoughts.parentElement.hidden = true;
    }
  }

  /** @param {string} json */
  function parsed(json) {
    try {
      return JSON.parse(json);
    } catch {
      return undefined;
    }
  }

  /** What each kind of part does on the page. @type {Record<string, (answer: Answer, value: any) => void>} */
  const parts = {
    0: (answer, value) => answer.text.append(value),
    g: (answer, value) => {
      answer.thoughts.append(value);
      const details = answer.thoughts.parentElement;
      if (details instanceof HTMLDetailsElement) details.hidden = false;
    },
    2: (answer, value) => {
      for (const each of value) if (each.type === 'image') show(answer, each.image ?? `data:${each.mimeType};base64,${each.data}`);
    },
    k: (answer, value) => show(answer, `data:${value.mimeType};base64,${value.data}`),
    c: (answer, value) => {
      const found = parsed(value.argsTextDelta)?.source;
      for (const source of Array.isArray(found) ? found : [found]) cite(answer, source);
    },
    3: (answer, value) => answer.fail(String(value)),
    d: (answer, value) => {
      if (value.finishReason === 'error') answer.fail('The answer ended with an error.');
    },
  };

  /** @param {Answer} answer @param {string} url */
  function show(answer, url) {
    const image = document.createElement('img');
    const address = new URL(url, location.href);
    // The link may name another host of this arena; the page's policy lets pictures come from its own only.
    image.src = address.pathname.startsWith('/images/') ? address.pathname + address.search : url;
    image.alt = answer.session.question;
    answer.pictures.append(image);
  }

  /** @param {Answer} answer @param {{ url: string, title: string } | undefined} source */
  function cite(answer, source) {
    if (!source) return;
    const item = make('li', '');
    item.append(make('span', '', source.title), ' ', make('code', '', source.url));
    answer.sources.append(item);
    answer.sources.hidden = false;
  }

  // -- What the arena received ------------------------------------------------------------------------------

  /** @param {Entry} entry */
  function entryItem(entry) {
    const item = make('li', 'entry');
    item.dataset.state = entry.state;
    item.dataset.number = String(entry.number);
    const top = make('div', 'entry-top');
    const who = entry.model ? `${entry.model}${entry.side === 'b' ? ' (b)' : ''}` : entry.path;
    const at = new Date(entry.at).toLocaleTimeString([], { hour12: false });
    top.append(make('span', 'dot'), make('span', '', who), make('span', 'when', at));
    const asked = entry.messages.filter((message) => message.role === 'user').at(-1);
    const roles = entry.messages.map((message) => message.role).slice(-6).join(' → ');
    const time = entry.seconds === null ? '' : ` in ${entry.seconds.toFixed(1)} s`;
    const how = `${entry.state}${entry.status ? ` (${entry.status})` : ''} · ${size(entry.bytes_sent)}${time}`;
    item.append(top);
    if (asked) item.append(make('p', 'entry-what', asked.text));
    item.append(make('p', 'entry-how', roles ? `${how} · ${roles}` : how));
    return item;
  }

  /** @param {number} bytes */
  function size(bytes) {
    if (bytes < 1000) return `${bytes} B`;
    return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  }

  /** @param {Report} report */
  function showReport(report) {
    const open = find('#open-streams', HTMLElement);
    open.textContent = String(report.open_streams);
    open.dataset.openStreams = String(report.open_streams);
    find('#request-count', HTMLElement).textContent = String(report.count);
    find('#received', HTMLElement).replaceChildren(...report.requests.map(entryItem));
  }

  const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

  /** Asks for news as long as the page lives; the arena answers when there are some, so this is no polling. */
  async function watch() {
    let seen = -1;
    for (;;) {
      let wait = 150;
      try {
        const response = await fetch(`/__arena/requests?streams=1&limit=${SHOWN}&seen=${seen}`);
        /** @type {Report} */
        const report = await response.json();
        seen = report.open_streams ? -1 : report.version;
        if (report.open_streams) wait = 1000;
        showReport(report);
      } catch {
        wait = 3000;
      }
      await pause(wait);
    }
  }

  // -- The page ---------------------------------------------------------------------------------------------

  const session = /** @type {Session} */ (JSON.parse(find('#arena-data', HTMLScriptElement).textContent ?? '{}'));
  const articles = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.turn.assistant'));
  const answers = [...articles].map((article) => new Answer(article, session));

  document.querySelector('#composer')?.addEventListener('submit', (event) => {
    event.preventDefault();
    const message = find('#message', HTMLTextAreaElement);
    if (!message.value.trim()) return;
    session.question = message.value;
    find('#question', HTMLElement).textContent = message.value;
    message.value = '';
    for (const answer of answers) {
      answer.running?.abort();
      void answer.retry();
    }
  });

  void watch();
})();
