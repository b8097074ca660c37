// Select menus in messages: a listbox that opens below its box and is used with mouse or keyboard.

let open = null;

const options = (select) => [...select.querySelectorAll('[role="option"]')];

function show(select) {
  close(false);
  const list = select.querySelector(".dc-select-list");
  const box = select.querySelector(".dc-select-box");
  const before = options(select).map((each) => each.getAttribute("aria-selected"));
  list.hidden = false;
  list.id ||= `list-${Math.random().toString(36).slice(2)}`;
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "true");
  open = { select, list, box, before: before.join() };
  const chosen = options(select).findIndex((each) => each.getAttribute("aria-selected") === "true");
  mark(Math.max(chosen, 0));
  list.scrollIntoView({ block: "nearest" });
}

function mark(index) {
  const all = options(open.select);
  if (!all.length) return;
  const wanted = (index + all.length) % all.length;
  all.forEach((each, number) => {
    each.classList.toggle("dc-current", number === wanted);
    each.id ||= `${open.list.id}-${number}`;
  });
  open.box.setAttribute("aria-activedescendant", all[wanted].id);
  all[wanted].scrollIntoView({ block: "nearest" });
}

const current = () => options(open.select).findIndex((each) => each.classList.contains("dc-current"));

function values(select) {
  return options(select)
    .filter((each) => each.getAttribute("aria-selected") === "true")
    .map((each) => each.dataset.value);
}

function close(send, use) {
  if (!open) return;
  const { select, list, box, before } = open;
  open = null;
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
  const changed = options(select).map((each) => each.getAttribute("aria-selected")).join() !== before;
  if (send && changed && values(select).length >= Number(select.dataset.min)) use(select, values(select));
}

function choose(option, use) {
  const { select } = open;
  const most = Number(select.dataset.max);
  if (most > 1) {
    const chosen = option.getAttribute("aria-selected") === "true";
    if (!chosen && values(select).length >= most) return;
    option.setAttribute("aria-selected", String(!chosen));
    open.box.focus();
    return;
  }
  options(select).forEach((each) => each.setAttribute("aria-selected", String(each === option)));
  const box = open.box;
  // Choosing the same option again counts too, as in Discord.
  open.before = "";
  close(true, use);
  box.focus();
}

// Calls `use(select, values)` when something has been chosen.
export function bindSelects(root, use) {
  root.addEventListener("click", (event) => {
    const option = event.target.closest('.dc-select [role="option"]');
    if (option && open) return choose(option, use);
    const box = event.target.closest(".dc-select-box");
    if (!box || box.disabled) return undefined;
    const select = box.closest(".dc-select");
    return open?.select === select ? close(true, use) : show(select);
  });
  // A click on a button closes the list in the capture phase, just before the button gets the click: closed on
  // pointerdown, the message could be redrawn under the pointer and the button would never be pressed.
  const outside = (event) => open && !open.select.contains(event.target);
  document.addEventListener("pointerdown", (event) => {
    if (outside(event) && !event.target.closest("button, a, input")) close(true, use);
  });
  document.addEventListener("click", (event) => {
    if (outside(event)) close(true, use);
  }, { capture: true });
  root.addEventListener("keydown", (event) => {
    const box = event.target.closest?.(".dc-select-box");
    if (!box) return;
    if (!open) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        show(box.closest(".dc-select"));
      }
      return;
    }
    const last = options(open.select).length - 1;
    const moves = { ArrowDown: current() + 1, ArrowUp: current() - 1, Home: 0, End: last };
    if (event.key in moves) {
      event.preventDefault();
      mark(moves[event.key]);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const option = options(open.select)[current()];
      if (option) choose(option, use);
    } else if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      close(true, use);
    }
  });
}
