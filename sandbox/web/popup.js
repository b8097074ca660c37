// The list above the message box: commands, options or choices, of which one is active.

import { make } from "/server.js";

export class Popup {
  // `box` is the form whose inputs open the popup; `avatar` draws the picture beside a command.
  constructor({ box, avatar }) {
    this.box = box;
    this.avatar = avatar;
    this.root = document.getElementById("popup");
    this.title = document.getElementById("popup-title");
    this.choices = document.getElementById("choices");
    this.items = [];
    this.active = -1;
    this.choices.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.items[this.#indexOf(event)]?.pick();
    });
    this.choices.addEventListener("pointermove", (event) => {
      const index = this.#indexOf(event);
      if (index >= 0 && index !== this.active) this.#mark(index, false);
    });
  }

  get isOpen() {
    return !this.root.hidden && this.items.length > 0;
  }

  // Shows items such as {title, about, pick}; none is active where `active` is -1.
  show(title, items, active = 0) {
    this.items = items;
    this.title.textContent = title;
    this.choices.replaceChildren(...items.map((item, index) => this.#row(item, index)));
    this.choices.hidden = items.length === 0;
    this.root.hidden = !title && items.length === 0;
    this.#field()?.setAttribute("aria-expanded", String(this.isOpen));
    this.#mark(items.length ? active : -1);
  }

  // Makes the first item active where none is.
  activate() {
    if (this.isOpen && this.active < 0) this.active = 0;
  }

  close() {
    this.root.hidden = true;
    this.items = [];
    this.active = -1;
    this.choices.replaceChildren();
    for (const field of this.box.querySelectorAll("input")) {
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
  }

  // Handles a key that moves within the popup or picks from it; returns whether it did.
  key(event) {
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const last = this.items.length - 1;
      this.#mark(this.active < 0 ? (step > 0 ? 0 : last) : (this.active + step + this.items.length) % this.items.length);
      return true;
    }
    const picks = event.key === "Enter" || (event.key === "Tab" && !event.shiftKey);
    if (picks && this.active >= 0 && !event.isComposing) {
      event.preventDefault();
      this.items[this.active].pick();
      return true;
    }
    return false;
  }

  #indexOf(event) {
    return [...this.choices.children].indexOf(event.target.closest("[role=option]"));
  }

  #row(item, index) {
    const row = make("li");
    row.id = `choice-${index}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    if (item.avatar) row.insertAdjacentHTML("beforeend", this.avatar());
    const words = make("span", "words");
    const title = make("span", "title", item.title);
    for (const name of item.needs ?? []) title.append(" ", make("span", "needs", name));
    if (item.small) title.append(" ", make("small", "", item.small));
    words.append(title);
    if (item.about) words.append(make("span", "about", item.about));
    row.append(words);
    if (item.from) row.append(make("span", "from", item.from));
    return row;
  }

  #mark(index, scroll = true) {
    const rows = [...this.choices.children];
    this.active = rows.length && index >= 0 ? index % rows.length : -1;
    rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === this.active)));
    const field = this.#field();
    if (this.active < 0) {
      field?.removeAttribute("aria-activedescendant");
      return;
    }
    field?.setAttribute("aria-activedescendant", rows[this.active].id);
    if (scroll) rows[this.active].scrollIntoView({ block: "nearest" });
  }

  #field() {
    const field = document.activeElement;
    return this.box.contains(field) && field.matches("input") ? field : null;
  }
}
