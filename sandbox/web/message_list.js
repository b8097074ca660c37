// The messages of the open channel as the sandbox's server renders them, and the buttons and menus in them.

import { Menu } from "/menu.js";
import { bindSelects } from "/selects.js";
import { make } from "/server.js";

const parts = (message) => [...message.querySelectorAll("[data-custom-id]")];
const opening = (message) => message.querySelector(".dc-text")?.textContent;

export class MessageList {
  constructor({ scroller, list, posts, welcome, below, act, openChannel, typeCommand, refresh }) {
    this.scroller = scroller;
    this.list = list;
    this.posts = posts;
    this.welcome = welcome;
    this.below = below;
    this.act = act;
    this.typeCommand = typeCommand;
    this.refresh = refresh;
    this.carrying = Promise.resolve();
    this.inFlight = 0;
    this.menu = new Menu({ list, use: (message, kind, name) => this.#carry("/menu", message, { kind, name }) });
    welcome.addEventListener("click", (event) => {
      const button = event.target.closest("[data-install]");
      if (button) act("/install", { on: button.dataset.install === "on" });
    });
    this.known = new Map();
    list.addEventListener("click", (event) => this.#clicked(event));
    below.addEventListener("click", () => this.#reveal(this.firstBelow));
    scroller.addEventListener("scroll", () => {
      if (this.firstBelow && this.#sees(this.firstBelow)) this.#nothingBelow();
    });
    // Don't redraw while a pointer is down: the press would be lost.
    list.addEventListener("pointerdown", () => {
      this.isPressed = true;
    });
    for (const name of ["pointerup", "pointercancel"]) {
      window.addEventListener(name, () => {
        this.isPressed = false;
        setTimeout(() => this.delayed && this.show(this.delayed, false), 0);
      });
    }
    bindSelects(list, (select, values) => {
      const message = select.closest("[data-message-id]");
      this.#use("/select", message, select.dataset.customId, { values }, select.querySelector(".dc-select-box"));
    });
    posts.addEventListener("click", (event) => {
      const post = event.target.closest("[data-channel]");
      if (post) openChannel(post.dataset.channel);
    });
  }

  // Replaces only the entries that changed, to keep the focus, open menus and the scroll position.
  show(channel, isNew) {
    if (this.isPressed && !isNew && channel !== this.delayed) {
      this.delayed = channel;
      return;
    }
    this.delayed = null;
    const atEnd = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 80;
    if (isNew) {
      this.known.clear();
      this.list.replaceChildren();
    }
    this.menu.offer(channel.menus);
    const isForum = channel.posts !== null;
    this.scroller.classList.toggle("forum", isForum);
    this.posts.hidden = !isForum;
    this.list.hidden = isForum;
    this.welcome.innerHTML = channel.welcome;
    if (isForum) {
      this.posts.innerHTML = channel.posts;
      return;
    }
    const focused = this.#focused();
    const seen = new Set();
    let arrived = null;
    let previous = null;
    for (const { key, html } of channel.entries) {
      seen.add(key);
      let entry = this.known.get(key);
      if (!entry) {
        entry = { node: make("li"), html: "" };
        this.known.set(key, entry);
        arrived ??= entry.node;
      }
      if (entry.html !== html) {
        // An answer that takes the place of "is thinking…" counts as a new message too.
        if (entry.html.includes("dc-thinking")) arrived ??= entry.node;
        entry.html = html;
        entry.node.innerHTML = html;
      }
      const next = previous ? previous.nextSibling : this.list.firstChild;
      if (entry.node !== next) this.list.insertBefore(entry.node, next);
      previous = entry.node;
    }
    for (const [key, entry] of this.known) {
      if (!seen.has(key)) {
        entry.node.remove();
        this.known.delete(key);
      }
    }
    if (focused && !document.contains(focused.node)) this.#refocus(focused);
    if (isNew) {
      this.#nothingBelow();
      this.#toEnd();
    } else if (atEnd) {
      if (arrived?.querySelector(".dc-ephemeral")) this.#reveal(arrived);
      else this.#toEnd();
    }
    this.#showAnswerInPlace();
    if (this.firstBelow && !this.firstBelow.isConnected) this.#nothingBelow();
    if (!isNew && arrived && !this.firstBelow && !this.#sees(arrived)) {
      this.firstBelow = arrived;
      this.below.hidden = false;
    }
  }

  // If a press changed the message it belongs to, scroll to the beginning of that message.
  #showAnswerInPlace() {
    const node = this.used && this.known.get(this.used.key)?.node;
    if (!node || opening(node) === this.used.words) return;
    this.used = null;
    if (node.getBoundingClientRect().top < this.scroller.getBoundingClientRect().top) this.#reveal(node);
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  // Shows the beginning of a message, even if it is longer than the view.
  #reveal(node) {
    this.#toEnd();
    const over = this.scroller.getBoundingClientRect().top + 8 - node.getBoundingClientRect().top;
    if (over > 0) this.scroller.scrollTop -= over;
    this.#nothingBelow();
  }

  #sees(node) {
    return node.getBoundingClientRect().top < this.scroller.getBoundingClientRect().bottom - 24;
  }

  #nothingBelow() {
    this.firstBelow = null;
    this.below.hidden = true;
  }

  #focused() {
    const node = document.activeElement;
    if (!node || !this.list.contains(node)) return null;
    const used = node.closest("[data-custom-id]");
    const message = node.closest("[data-message-id]");
    return { node, message: message?.dataset.messageId, custom: used?.dataset.customId };
  }

  #refocus({ message, custom }) {
    const again = this.list.querySelector(`[data-message-id="${CSS.escape(message ?? "")}"]`);
    const used = custom && again?.querySelector(`[data-custom-id="${CSS.escape(custom)}"]`);
    (used?.querySelector?.("button") ?? used)?.focus({ preventScroll: true });
  }

  #clicked(event) {
    const message = event.target.closest("[data-message-id]");
    if (!message) return;
    if (event.target.closest(".dc-dismiss")) {
      this.act("/dismiss", { message: message.dataset.messageId });
      return;
    }
    const command = event.target.closest("[data-command]");
    if (command) {
      this.typeCommand(command.dataset.command, command.dataset.id);
      return;
    }
    const button = event.target.closest("button.dc-button[data-custom-id]");
    if (button && !button.disabled) this.#use("/press", message, button.dataset.customId, {}, button);
  }

  async #use(path, message, custom, more, control) {
    control.classList.add("dc-busy");
    const place = parts(message).indexOf(control.closest("[data-custom-id]"));
    await this.#carry(path, message, { custom_id: custom, ...more }, { place, label: control.textContent });
    control.classList.remove("dc-busy");
  }

  // Sends one action after another. A button pressed right after a choice relies on that choice, which may have redrawn
  // the message: the press then goes to the button in the same position.
  #carry(path, message, body, used = null) {
    const waits = this.inFlight > 0 || this.delayed;
    this.inFlight += 1;
    this.carrying = this.carrying
      .then(async () => {
        if (!waits || !used) return this.#do(path, message, body);
        if (this.delayed) this.show(this.delayed, false);
        const again = this.list.querySelector(`[data-message-id="${CSS.escape(message.dataset.messageId)}"]`);
        const part = again && parts(again)[used.place];
        if (!part || (part.matches("button") && part.textContent !== used.label)) return undefined;
        return this.#do(path, again, { ...body, custom_id: part.dataset.customId });
      })
      .finally(() => {
        this.inFlight -= 1;
      });
    return this.carrying;
  }

  async #do(path, message, body) {
    message.querySelector(".failed")?.remove();
    this.used = { key: message.dataset.messageId, words: opening(message) };
    try {
      await this.act(path, { message: message.dataset.messageId, ...body }, { quiet: true });
      await this.refresh();
    } catch (error) {
      message.append(make("p", "failed", error.message));
    }
  }
}
