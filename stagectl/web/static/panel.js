/* What a browser does for a panel: letters that fit, fingers told as what they are, a line that comes back.

textual-serve's own script, loaded after this one, brings xterm.js. It asks for nothing of its own
page's: where it opens its socket and measures itself, this page does. */
"use strict";
(() => {
  const FONT = "DejaVu Sans Mono";
  const LEAST = [80, 24], USUAL = 27, WALL = [200, 56]; // cells; pixels; cells
  const AGAIN = [300, 700, 1500, 3000]; // ms before the next try; the last for ever after
  const ENDED = 4000, FULL = 4003, NOT_LET_IN = 4401; // close codes, see seat.py
  let panel, term, socket, tries = 0, waiting, editing = false, said = 0;

  /* ---- xterm, as textual-serve makes it */

  // The first thing its script hangs on its terminal is this addon: then the terminal is at hand.
  Object.defineProperty(Object.prototype, "fitAddon", {
    configurable: true,
    set(addon) {
      delete Object.prototype.fitAddon;
      this.fitAddon = addon;
      adopt(this);
    },
  });
  // A web address that somebody typed is drawn as a link: touching it shall lead nowhere.
  window.open = () => null;

  function adopt(made) {
    panel = made;
    term = made.terminal;
    made.connect = start;
    made.fit = () => {};
    term.options.fontFamily = `"${FONT}", monospace`;
    term.options.theme = { background: getComputedStyle(document.documentElement).backgroundColor };
    term.options.cursorBlink = false;
    // keys pressed while nobody listens are lost, never kept for later
    Object.defineProperty(made, "socket", { get: () => ({ send: tell }), set: () => {} });
    window.stagectl = { text, term };
  }

  function text() {
    const rows = [];
    for (let y = 0; y < term.rows; y++) rows.push(term.buffer.active.getLine(y)?.translateToString(true) ?? "");
    return rows.join("\n");
  }

  /* ---- letters that fit */

  function fit() {
    const room = document.getElementById("terminal").getBoundingClientRect();
    const probe = document.createElement("span");
    probe.className = "probe";
    probe.textContent = "W".repeat(32);
    document.body.append(probe);
    const across = probe.offsetWidth / 32 / 100, down = probe.offsetHeight / 100;
    probe.remove();
    const within = ([columns, rows]) => Math.min(room.width / columns / across, room.height / rows / down);
    let size = Math.min(within(LEAST), Math.max(USUAL, within(WALL)));
    for (size = Math.max(6, Math.floor(size * 2) / 2); size >= 6; size -= 0.5) {
      term.options.fontSize = size;
      const cells = panel.fitAddon.proposeDimensions();
      if (!cells || (cells.cols >= LEAST[0] && cells.rows >= LEAST[1])) break;
    }
    panel.fitAddon.fit();
  }

  /* ---- the line */

  const state = (name) => {
    document.body.dataset.state = name;
    const words = document.getElementById("words");
    const next = document.body.dataset[name] || "";
    if (words.textContent !== next) words.textContent = next;
  };
  const tell = (message) => { if (socket && socket.readyState === WebSocket.OPEN) socket.send(message); };

  async function start() {
    await Promise.all([`27px "${FONT}"`, `bold 27px "${FONT}"`].map((font) => document.fonts.load(font)));
    term.options.fontFamily = `"${FONT}", monospace `; // measured again, now that it is here
    const textarea = term.textarea;
    textarea.setAttribute("inputmode", "none");
    textarea.setAttribute("aria-label", document.title);
    fit();
    let timer;
    new ResizeObserver(() => { clearTimeout(timer); timer = setTimeout(fit, 50); })
      .observe(document.getElementById("terminal"));
    term.focus();
    connect();
  }

  async function connect() {
    clearTimeout(waiting);
    let answer;
    try {
      answer = await fetch("alive", { cache: "no-store", signal: AbortSignal.timeout(4000) });
    } catch {
      return later("lost");
    }
    if (answer.status === 401 || answer.status === 409) return location.reload(); // to log in; or no desk: to wait
    if (answer.status === 503) return later("full");
    if (!answer.ok) return later("lost");
    const url = new URL("ws", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.hash = "";
    url.search = `?width=${term.cols}&height=${term.rows}`;
    const line = new WebSocket(url);
    socket = line;
    line.binaryType = "arraybuffer";
    line.onopen = () => { edit(false); term.reset(); said = 0; };
    line.onmessage = (event) => (typeof event.data === "string" ? meta(JSON.parse(event.data)) : draw(event.data));
    line.onclose = (event) => {
      if (socket !== line) return;
      socket = undefined;
      if (event.code === NOT_LET_IN) location.reload();
      else if (event.code === ENDED) state("ended");
      else later(event.code === FULL ? "full" : "lost");
    };
  }

  function later(name) {
    state(name);
    clearTimeout(waiting);
    waiting = setTimeout(connect, AGAIN[Math.min(tries++, AGAIN.length - 1)]);
  }

  function draw(data) {
    term.write(new Uint8Array(data));
    said += data.byteLength;
    if (said > 200 && document.body.dataset.state !== "up") { tries = 0; state("up"); }
  }

  function meta([kind, what]) {
    if (kind === "editing") edit(Boolean(what));
  }

  /* ---- a screen keyboard comes for text, and for nothing else */

  function edit(on) {
    if (on === editing) return;
    editing = on;
    term.textarea.setAttribute("inputmode", on ? "text" : "none");
    term.textarea.blur(); // a keyboard is shown or hidden when a field is entered, not in between
    term.focus();
  }

  /* ---- fingers: what comes down and is lifted is told as a press, wherever else the others are */

  const down = new Map();
  const press = (kind, x, y) =>
    term.element.querySelector(".xterm-screen").dispatchEvent(
      new MouseEvent(kind, {
        bubbles: true, cancelable: true, view: window,
        button: 0, buttons: kind === "mousedown" ? 1 : 0, clientX: x, clientY: y,
      }),
    );
  const ours = (event) => event.target.closest?.("#terminal");
  addEventListener("touchstart", (event) => {
    if (!ours(event)) return;
    event.preventDefault();
    for (const touch of event.changedTouches) down.set(touch.identifier, [touch.clientX, touch.clientY]);
  }, { capture: true, passive: false });
  addEventListener("touchmove", (event) => { if (ours(event)) event.preventDefault(); }, { capture: true, passive: false });
  addEventListener("touchcancel", (event) => {
    for (const touch of event.changedTouches) down.delete(touch.identifier);
  }, { capture: true });
  addEventListener("touchend", (event) => {
    if (!ours(event)) return;
    event.preventDefault();
    if (editing) term.textarea.focus(); // some browsers show a keyboard only while a finger is lifted
    for (const touch of event.changedTouches) {
      const from = down.get(touch.identifier);
      down.delete(touch.identifier);
      if (from) { press("mousedown", ...from); press("mouseup", touch.clientX, touch.clientY); }
    }
  }, { capture: true, passive: false });
  for (const kind of ["contextmenu", "dragstart", "gesturestart", "dblclick"])
    addEventListener(kind, (event) => { if (ours(event)) event.preventDefault(); }, { capture: true });

  addEventListener("DOMContentLoaded", () => {
    document.getElementById("again").addEventListener("click", () => { state("opening"); connect(); });
  });
  // a browser that was asleep looks at once whether anybody is there
  addEventListener("online", () => { if (!socket) connect(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !socket && tries) connect(); });
})();
