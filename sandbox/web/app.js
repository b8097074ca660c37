// The sandbox's page: which server, channel and member is in view, the clock, modals. Messages: message_list.js; the
// box to write in: composer.js.

import { Composer } from "/composer.js";
import { MessageList } from "/message_list.js";
import { getJson, listen, make, postJson } from "/server.js";

const at = (id) => document.getElementById(id);
const REFRESH_MS = 60_000;

const here = { state: null, channel: null, user: null, unread: new Set(), inDirect: false };

// Presses wait while the clock is being moved: an interaction expires after seconds, and the clock skips hours.
// The clock waits in turn for presses that are under way.
let moving = Promise.resolve();
const pending = new Set();

async function act(path, body, { quiet = false } = {}) {
  await (path === "/advance" ? Promise.allSettled(pending) : moving);
  const request = postJson(path, { user: here.user, channel: here.channel?.id, ...body });
  pending.add(request);
  try {
    const answer = await request;
    if (answer.modal) openModal(answer.modal);
    return answer;
  } catch (error) {
    if (quiet) throw error;
    notice(error.message);
    return {};
  } finally {
    pending.delete(request);
  }
}

const messageList = new MessageList({
  scroller: at("scroller"), list: at("messages"), posts: at("posts"), welcome: at("welcome"), below: at("below"), act, openChannel,
  refresh: refreshUntilCurrent,
  typeCommand: (name, ident) => composer.type(name, ident),
});
const composer = new Composer({ act, avatar: () => here.state.bot_avatar });

// ------------------------------------------------------------------ what is in view

async function loadState() {
  const { user } = here;
  const state = await getJson("/state", user ? { user } : {});
  // Another member has been chosen meanwhile: their state is on its way.
  if (here.user !== user) return;
  here.state = state;
  here.user = state.user;
  drawPlaces();
  drawYou();
}

let loading = 0;
let opening = null; // the channel that was asked for and is not in view yet
async function openChannel(id, isNew = true) {
  const turn = ++loading;
  if (isNew) {
    opening = id;
    composer.leave();
  }
  let channel;
  try {
    channel = await getJson("/channel", { channel: id, user: here.user });
  } catch (error) {
    if (turn !== loading) return false;
    opening = null;
    notice(error.message);
    // The channel may have been deleted: the first one always exists.
    if (id !== here.state.first) await openChannel(here.state.first);
    return true;
  }
  if (turn !== loading) return false; // a newer request is on its way
  opening = null;
  here.channel = channel;
  here.inDirect = channel.kind === 1;
  here.unread.delete(channel.id);
  if (isNew) {
    closeMenu();
    history.replaceState(null, "", `#${channel.id}`);
  }
  at("room-name").textContent = channel.name;
  at("room-icon").innerHTML = channel.icon;
  at("room-topic").textContent = channel.topic;
  at("clock").textContent = channel.clock;
  at("a-day").hidden = at("to-due").hidden = !here.state.moves_clock;
  document.title = `${channel.kind === 1 ? "@" : "#"}${channel.name} · Sandbox`;
  messageList.show(channel, isNew);
  composer.open(channel, isNew);
  drawPlaces();
  if (isNew && matchMedia("(pointer: fine)").matches) at("words").focus({ preventScroll: true });
  return true;
}

function drawPlaces() {
  const { state, channel } = here;
  const rail = at("rail");
  rail.replaceChildren();
  const home = railButton("Direct messages", "", here.inDirect, () => openChannel(state.direct.id));
  home.innerHTML = state.home_icon;
  home.classList.toggle("unread", here.unread.has(state.direct.id));
  rail.append(home, make("hr"));
  for (const guild of state.guilds) {
    const inside = guild.groups.flatMap((group) => group.channels.flatMap((each) => [each, ...each.threads]));
    const first = inside.find((each) => each.kind !== 15 && each.kind !== 16) ?? inside[0];
    const current = !here.inDirect && (inside.some((each) => each.id === channel?.id) || state.guilds.length === 1);
    const button = railButton(guild.name, guild.initials, current, () => first && openChannel(guild.last ?? first.id));
    button.classList.toggle("unread", inside.some((each) => here.unread.has(each.id)));
    rail.append(button);
    if (current && channel) guild.last = channel.id;
    if (current) drawChannels(guild);
  }
  if (here.inDirect) drawDirect();
}

function railButton(label, text, current, open) {
  const button = make("button", "", text);
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.setAttribute("aria-current", String(current));
  button.addEventListener("click", open);
  return button;
}

function drawDirect() {
  const { direct } = here.state;
  at("sidebar-title").textContent = "Direct Messages";
  const list = make("ul");
  list.append(channelRow({ ...direct, icon: here.state.bot_avatar }), ...here.state.private.map(channelRow));
  at("channels").replaceChildren(list);
}

function drawChannels(guild) {
  at("sidebar-title").textContent = guild.name;
  const parts = [];
  for (const group of guild.groups) {
    if (group.name) parts.push(make("h3", "", group.name));
    const list = make("ul");
    for (const each of group.channels) {
      const row = channelRow(each);
      if (each.threads.length) {
        const threads = make("ul", "threads");
        threads.append(...each.threads.map((thread) => channelRow(thread)));
        row.append(threads);
      }
      list.append(row);
    }
    parts.push(list);
  }
  at("channels").replaceChildren(...parts);
}

function channelRow(each) {
  const row = make("li");
  const button = make("button");
  button.type = "button";
  button.dataset.channel = each.id;
  button.insertAdjacentHTML("beforeend", each.icon);
  button.append(make("span", "name", each.name));
  button.setAttribute("aria-current", String(each.id === here.channel?.id));
  button.classList.toggle("unread", here.unread.has(each.id));
  button.addEventListener("click", () => openChannel(each.id));
  row.append(button);
  return row;
}

function drawYou() {
  const select = at("you");
  select.replaceChildren(
    ...here.state.users.map((user) => new Option(user.name, user.id, false, user.id === here.user)),
  );
  const user = here.state.users.find((each) => each.id === here.user);
  at("you-avatar").innerHTML = user?.avatar ?? "";
  at("you-role").textContent = user?.role ?? "";
}

at("you").addEventListener("change", async (event) => {
  here.user = event.target.value;
  const wasDirect = here.inDirect;
  await loadState();
  await openChannel(wasDirect ? here.state.direct.id : here.channel.id);
});

// ------------------------------------------------------------------ light and dark

const THEME = "sandbox-theme";
const lightByItself = matchMedia("(prefers-color-scheme: light)");
const theme = () => document.documentElement.dataset.theme ?? (lightByItself.matches ? "light" : "dark");

function setTheme(name) {
  if (name === "light" || name === "dark") document.documentElement.dataset.theme = name;
}

setTheme(new URLSearchParams(location.search).get("theme") ?? localStorage.getItem(THEME));
at("theme").addEventListener("click", () => {
  setTheme(theme() === "light" ? "dark" : "light");
  localStorage.setItem(THEME, theme());
});

// ------------------------------------------------------------------ the clock

for (const [id, to] of [["a-day", { hours: 24 }], ["to-due", { due: true }]]) {
  at(id).addEventListener("click", async () => {
    at(id).classList.add("dc-busy");
    at(id).disabled = true;
    moving = act("/advance", to);
    await moving;
    // Ready only when every message shows its new age: redrawing one under a finger would lose the press.
    await refreshUntilCurrent();
    at(id).classList.remove("dc-busy");
    at(id).disabled = false;
  });
}

// ------------------------------------------------------------------ modals and notices

function openModal({ id, html }) {
  const dialog = at("modal");
  dialog.innerHTML = html;
  const form = dialog.querySelector("form");
  form.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = {};
    for (const field of form.elements) {
      if (field.name) values[field.name] ??= [];
    }
    for (const [name, value] of new FormData(form)) if (value !== "") values[name].push(value);
    try {
      await act("/submit", { modal: id, values }, { quiet: true });
      dialog.close();
    } catch (error) {
      form.querySelector(".failed")?.remove();
      form.querySelector("footer").before(make("p", "failed", error.message));
    }
  });
  dialog.showModal();
  form.querySelector("input, textarea, select")?.focus();
}

let hiding = 0;
function notice(text) {
  at("toast").textContent = text;
  at("toast").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    at("toast").hidden = true;
  }, 6000);
}

function closeMenu() {
  document.body.classList.remove("open");
  at("menu").setAttribute("aria-expanded", "false");
}

at("menu").addEventListener("click", () => {
  const open = document.body.classList.toggle("open");
  at("menu").setAttribute("aria-expanded", String(open));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenu();
});
document.querySelector(".room").addEventListener("pointerdown", (event) => {
  if (!event.target.closest("#menu")) closeMenu();
});

// ------------------------------------------------------------------ updates from the server

async function refresh() {
  if (opening) return openChannel(opening);
  return !here.channel || openChannel(here.channel.id, false);
}

// Refreshes until the page shows at least the state of the moment it was called.
async function refreshUntilCurrent() {
  while (!(await refresh()));
}

let waiting = false;
let placesChanged = false;
function changed(event) {
  if (event.places) placesChanged = true;
  if (event.channel && event.channel !== here.channel?.id && event.fresh) {
    if (!event.only || event.only === here.user) here.unread.add(event.channel);
  }
  if (waiting) return;
  waiting = true;
  // Draw once for many changes in a row.
  setTimeout(async () => {
    waiting = false;
    try {
      if (placesChanged) {
        placesChanged = false;
        await loadState();
      } else {
        drawPlaces();
      }
      await refresh();
    } catch (error) {
      notice(error.message);
    }
  }, 30);
}

async function start() {
  await loadState();
  const wanted = location.hash.slice(1);
  await openChannel(wanted && here.state.known.includes(wanted) ? wanted : here.state.first);
  listen(changed, () => changed({ places: true })); // catch up with changes from before the stream was open
  setInterval(refresh, REFRESH_MS);
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // keep the channel in the address
    composer.focus();
  });
  window.addEventListener("hashchange", () => {
    const id = location.hash.slice(1);
    if (here.state.known.includes(id) && id !== here.channel?.id) openChannel(id);
  });
}

start().catch((error) => notice(error.message));
