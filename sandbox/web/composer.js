// The box to write in: plain words, or a command with its options as pills, each filled with Discord's own choices.

import { fixedChoices, settle, valuesOf } from "/option_values.js";
import { Popup } from "/popup.js";
import { make } from "/server.js";

const WAIT_MS = 120;

export class Composer {
  constructor({ act, avatar }) {
    for (const id of ["box", "words", "command", "hint", "plus"]) this[id] = document.getElementById(id);
    this.popup = new Popup({ box: this.box, avatar });
    this.act = act;
    this.channel = null;
    this.chosen = null;
    this.pills = [];
    this.asked = 0;
    this.box.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.words.addEventListener("input", () => this.#offerCommands());
    this.words.addEventListener("focus", () => this.#offerCommands());
    this.words.addEventListener("keydown", (event) => this.#keyInWords(event));
    this.plus.addEventListener("click", () => {
      if (this.chosen) return;
      this.words.value = "/";
      this.words.focus();
      this.#offerCommands();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("#composer")) this.#close();
    });
  }

  open(channel, isNew) {
    this.channel = channel;
    this.words.placeholder = channel.placeholder;
    this.words.disabled = !channel.usable;
    this.box.setAttribute("aria-disabled", String(!channel.usable));
    if (isNew && document.activeElement === this.words) this.#offerCommands();
  }

  // Called on the way to another channel: what is typed from now on is for that one.
  leave() {
    this.channel = null;
    this.#reset();
  }

  focus() {
    (this.chosen ? (this.pills[0]?.input ?? this.more) : this.words).focus();
  }

  // Puts a command that a message mentions into the box, ready to be filled in and sent.
  type(name, ident) {
    const found = this.channel?.commands.find((command) => command.name === name && command.id === ident);
    if (!found) {
      this.#tellHint(`/${name} cannot be used here.`);
      return;
    }
    this.#reset();
    this.#choose(found);
  }

  // Outdates an autocomplete answer that is still on its way.
  #close() {
    this.asked += 1;
    this.popup.close();
  }

  // ------------------------------------------------------------------ choosing a command

  #offerCommands() {
    this.#tellHint("");
    const typed = this.words.value;
    if (!this.channel || !typed.startsWith("/")) {
      this.#close();
      return;
    }
    const wanted = typed.slice(1).toLowerCase();
    const [head] = wanted.split(" ");
    const fits = (command) => command.name.startsWith(wanted) || command.name.split(" ").some((word) => head && word.startsWith(wanted.trim()));
    const found = this.channel.commands.filter((command) => !wanted || fits(command));
    const items = found.map((command) => ({
      avatar: true,
      title: `/${command.name}`,
      needs: command.options.filter((option) => option.required).map((option) => option.name),
      about: command.description,
      from: command.from,
      pick: () => this.#choose(command),
    }));
    this.popup.show(items.length ? (wanted ? `Commands matching /${wanted}` : "Commands") : `No command matches ${typed}`, items);
  }

  #keyInWords(event) {
    if (this.popup.key(event)) return;
    if (event.key === "Escape") this.#close();
    if (event.key === " " && this.words.value.startsWith("/")) {
      const exact = this.channel?.commands.find((command) => `/${command.name}` === this.words.value.trim().toLowerCase());
      if (exact) {
        event.preventDefault();
        this.#choose(exact);
      }
    }
  }

  #choose(command) {
    this.chosen = command;
    this.pills = [];
    this.words.hidden = true;
    this.command.hidden = false;
    this.command.replaceChildren(make("span", "command-name", `/${command.name}`));
    this.more = this.#moreField();
    this.command.append(this.more);
    command.options.filter((option) => option.required).forEach((option) => this.#addPill(option));
    this.#countMore();
    this.focus();
  }

  #reset(words = "") {
    this.chosen = null;
    this.pills = [];
    this.command.hidden = true;
    this.command.replaceChildren();
    this.words.hidden = false;
    this.words.value = words;
    this.#tellHint("");
    this.#close();
  }

  #leave() {
    const name = this.chosen.name;
    this.#reset(`/${name}`);
    this.words.focus();
    this.#offerCommands();
  }

  // ------------------------------------------------------------------ options

  #combobox(label) {
    const input = make("input");
    input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "choices", "aria-autocomplete": "list", "aria-label": label })) {
      input.setAttribute(name, value);
    }
    return input;
  }

  #moreField() {
    const input = this.#combobox("Add an option");
    input.className = "more-options";
    input.addEventListener("focus", () => this.#offerOptions());
    input.addEventListener("input", () => this.#offerOptions());
    input.addEventListener("keydown", (event) => {
      if (event.key === "Tab" && !event.shiftKey) this.popup.activate();
      if (this.popup.key(event)) return;
      if (event.key === "Escape") this.#escape(event);
      if ((event.key === "Backspace" || event.key === "ArrowLeft") && !input.value) {
        event.preventDefault();
        const last = this.pills.at(-1);
        if (last) last.input.focus();
        else if (event.key === "Backspace") this.#leave();
      }
    });
    return input;
  }

  #left() {
    const used = new Set(this.pills.map((pill) => pill.option.name));
    return this.chosen.options.filter((option) => !used.has(option.name));
  }

  #countMore() {
    const count = this.#left().length;
    this.more.placeholder = count ? `+${count} optional` : "";
    this.more.value = "";
  }

  #offerOptions() {
    const wanted = this.more.value.trim().toLowerCase();
    const items = this.#left()
      .filter((option) => option.name.startsWith(wanted))
      .map((option) => ({
        title: option.name,
        about: option.description,
        pick: () => {
          const pill = this.#addPill(option);
          this.#countMore();
          pill.input.focus();
        },
      }));
    this.popup.show(items.length ? "Options" : `/${this.chosen.name}: ${this.chosen.description}`, items, wanted ? 0 : -1);
  }

  #addPill(option) {
    const root = make("label", "pill");
    const input = this.#combobox(`${option.name}: ${option.description}`);
    const pill = { option, root, input, value: undefined };
    root.append(make("span", "pill-name", option.name), input);
    this.#fit(input);
    input.addEventListener("focus", () => this.#offerValues(pill));
    input.addEventListener("input", () => {
      pill.value = undefined;
      root.classList.remove("wrong");
      this.#fit(input);
      this.#offerValues(pill);
    });
    input.addEventListener("keydown", (event) => this.#keyInPill(event, pill));
    this.command.insertBefore(root, this.more);
    this.pills.push(pill);
    return pill;
  }

  #fit(input) {
    input.size = Math.max(input.value.length, 4);
  }

  #keyInPill(event, pill) {
    const settled = pill.value !== undefined && (event.key === "Enter" || event.key === "Tab");
    if (!settled && this.popup.key(event)) return;
    const { input } = pill;
    const index = this.pills.indexOf(pill);
    if (event.key === "Escape") this.#escape(event);
    if (event.key === "Backspace" && !input.value) {
      event.preventDefault();
      if (pill.option.required && index === 0) return this.#leave();
      if (!pill.option.required) {
        pill.root.remove();
        this.pills.splice(index, 1);
        this.#countMore();
      }
      (this.pills[index - 1]?.input ?? this.more).focus();
    }
    if (event.key === "ArrowLeft" && input.selectionStart === 0 && index > 0) {
      event.preventDefault();
      this.pills[index - 1].input.focus();
    }
    if (event.key === "ArrowRight" && input.selectionEnd === input.value.length) {
      event.preventDefault();
      (this.pills[index + 1]?.input ?? this.more).focus();
    }
    return undefined;
  }

  #escape(event) {
    event.preventDefault();
    if (!this.popup.isOpen) {
      this.#reset();
      this.words.focus();
    } else {
      this.#close();
    }
  }

  async #offerValues(pill) {
    const { option, input } = pill;
    const title = `${option.name} — ${option.description}`;
    const typed = input.value.trim().toLowerCase();
    const turn = ++this.asked;
    if (option.autocomplete) {
      if (!this.popup.isOpen) this.popup.show(title, []);
      await new Promise((done) => setTimeout(done, WAIT_MS));
      if (turn !== this.asked) return;
      try {
        const { choices } = await this.act(
          "/autocomplete",
          { command: this.chosen.name, option: option.name, value: input.value, options: valuesOf(this.pills) },
          { quiet: true },
        );
        if (turn === this.asked && document.activeElement === input) this.popup.show(title, choices.map((each) => this.#value(pill, each)));
      } catch {
        if (turn === this.asked) this.popup.show(`${title} (loading options failed)`, []);
      }
      return;
    }
    const fixed = fixedChoices(option, this.channel.names).filter((each) => pill.value !== undefined || each.name.toLowerCase().includes(typed));
    this.popup.show(title, fixed.map((each) => this.#value(pill, each)));
  }

  #value(pill, { name, value }) {
    return {
      title: name,
      pick: () => {
        pill.value = value;
        pill.input.value = name;
        pill.root.classList.remove("wrong");
        this.#fit(pill.input);
        const next = this.pills.find((each) => each !== pill && each.option.required && !each.input.value);
        this.#close();
        (next?.input ?? this.more).focus();
        if (!next) this.#close();
      },
    };
  }

  // ------------------------------------------------------------------ sending

  async #send() {
    if (!this.chosen) {
      const text = this.words.value.trim();
      if (!text || !this.channel?.writable) return;
      if (text.startsWith("/")) {
        this.#tellHint("No such command. Pick one from the list.");
        return;
      }
      this.#reset();
      await this.#carry("/say", { text }, text);
      return;
    }
    settle(this.pills, this.channel.names);
    const options = valuesOf(this.pills);
    const wrong = this.pills.filter((pill) => !(pill.option.name in options));
    for (const pill of this.pills) pill.root.classList.toggle("wrong", wrong.includes(pill));
    if (wrong.length) {
      const { input, option } = wrong[0];
      this.#tellHint(input.value ? `${option.name}: pick one of the choices.` : `${option.name} needs a value.`);
      input.focus();
      return;
    }
    const command = this.chosen.name;
    this.#reset();
    this.words.focus();
    await this.#carry("/command", { command, options }, "");
  }

  async #carry(path, body, words) {
    try {
      await this.act(path, body, { quiet: true });
    } catch (error) {
      this.#tellHint(error.message);
      if (words && !this.words.value) this.words.value = words;
    }
  }

  #tellHint(text) {
    this.hint.textContent = text;
    this.hint.hidden = !text;
  }
}
