// The menu of a message: what apps offer for it and for whoever wrote it. Opened with the right mouse button, the menu
// key, the "More" button or a long press; used with mouse, finger or keyboard.

import { make } from "/server.js";

// Shorter than the browser's own long press of 500 ms, which takes the finger away.
const PRESS_MS = 400;
const STILL_PX = 10;
const MARGIN_PX = 8;

export class Menu {
  constructor({ list, use }) {
    this.use = use;
    this.menus = { message: [], user: [] };
    this.root = make("div", "context");
    this.root.setAttribute("role", "menu");
    this.root.setAttribute("aria-label", "Message");
    this.root.tabIndex = -1; // where it offers nothing, it has the focus itself, so that Escape closes it
    this.root.hidden = true;
    document.body.append(this.root);
    list.addEventListener("click", (event) => {
      const more = event.target.closest(".dc-more");
      if (!more) return;
      const { left, bottom } = more.getBoundingClientRect();
      this.#open(more.closest("[data-message-id]"), left, bottom);
    });
    list.addEventListener("contextmenu", (event) => {
      const message = this.#message(event.target);
      if (!message) return;
      event.preventDefault();
      const byKey = event.clientX === 0 && event.clientY === 0;
      const { left, bottom } = event.target.getBoundingClientRect();
      this.#open(message, byKey ? left : event.clientX, byKey ? bottom : event.clientY);
    });
    this.#watchLongPress(list);
    this.root.addEventListener("click", (event) => {
      const item = event.target.closest("[role=menuitem]");
      if (item) this.#pick(item);
    });
    this.root.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", (event) => {
      if (!this.root.hidden && !this.root.contains(event.target)) this.#close();
    });
  }

  // Sets the entries of the open channel, by kind of menu.
  offer(menus) {
    this.menus = menus;
  }

  // Ephemeral messages have no menu, as in Discord.
  #message(node) {
    const message = node.closest("[data-message-id]");
    return message && !message.classList.contains("dc-ephemeral") ? message : null;
  }

  #watchLongPress(list) {
    let waiting = 0;
    let press = null;
    const stop = () => {
      clearTimeout(waiting);
      press = null;
    };
    const open = () => {
      const { message, from } = press;
      stop();
      this.#open(message, from.clientX, from.clientY);
      // The finger is still down: lifting it must not press what lies under it.
      const swallow = (click) => {
        click.preventDefault();
        click.stopPropagation();
      };
      window.addEventListener("click", swallow, { capture: true, once: true });
      window.addEventListener("pointerup", () => setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0), { once: true });
    };
    list.addEventListener("pointerdown", (event) => {
      const message = event.pointerType === "mouse" ? null : this.#message(event.target);
      if (!message) return;
      stop();
      press = { message, from: event };
      waiting = setTimeout(open, PRESS_MS);
    });
    list.addEventListener("pointermove", (event) => {
      if (press && Math.hypot(event.clientX - press.from.clientX, event.clientY - press.from.clientY) > STILL_PX) stop();
    });
    list.addEventListener("pointerup", stop);
    // On a busy page the browser's own long press may come before our timer.
    list.addEventListener("pointercancel", (event) => (press && event.timeStamp - press.from.timeStamp >= PRESS_MS ? open() : stop()));
  }

  #open(message, x, y) {
    this.back = message.querySelector(".dc-more");
    this.message = message;
    const author = message.dataset.author;
    const rows = [
      ...this.#group("Apps", "message", this.menus.message),
      ...this.#group(`Apps for @${author}`, "user", this.menus.user),
    ];
    this.root.replaceChildren(...(rows.length ? rows : [make("p", "nothing", "No app offers anything for a message here.")]));
    this.root.hidden = false;
    const { width, height } = this.root.getBoundingClientRect();
    this.root.style.left = `${Math.max(MARGIN_PX, Math.min(x, innerWidth - width - MARGIN_PX))}px`;
    this.root.style.top = `${Math.max(MARGIN_PX, Math.min(y, innerHeight - height - MARGIN_PX))}px`;
    message.classList.add("dc-chosen");
    (this.#items()[0] ?? this.root).focus();
  }

  #group(title, kind, commands) {
    if (!commands.length) return [];
    return [
      make("p", "context-title", title),
      ...commands.map((command) => {
        const item = make("button", "", command.name);
        item.type = "button";
        item.setAttribute("role", "menuitem");
        item.dataset.kind = kind;
        item.append(make("span", "from", command.from));
        item.dataset.name = command.name;
        return item;
      }),
    ];
  }

  #items() {
    return [...this.root.querySelectorAll("[role=menuitem]")];
  }

  #close() {
    this.root.hidden = true;
    this.message?.classList.remove("dc-chosen");
    this.message = null;
  }

  #key(event) {
    const items = this.#items();
    const at = items.indexOf(document.activeElement);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    if (event.key in moves && items.length) {
      event.preventDefault();
      items[(moves[event.key] + items.length) % items.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      this.#close();
      this.back?.focus();
    }
  }

  #pick(item) {
    const { message } = this;
    const { kind, name } = item.dataset;
    this.#close();
    this.use(message, kind, name);
  }
}
