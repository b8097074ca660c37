// Requests to the sandbox's server: questions, what the person does, and the stream of changes.

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export async function getJson(path, parameters = {}) {
  const query = new URLSearchParams({ ...parameters, tz: zone });
  return answer(await fetch(`${path}?${query}`, { headers: { "X-Sandbox": "1" } }));
}

export async function postJson(path, body) {
  return answer(
    await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Sandbox": "1" },
      body: JSON.stringify({ ...body, tz: zone }),
    }),
  );
}

async function answer(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    // Not JSON: the status says below what went wrong.
  }
  if (!response.ok) {
    throw new Error(body.error || `The sandbox answered ${response.status}.`);
  }
  return body;
}

export function listen(onChange, onOpen) {
  const source = new EventSource("/events");
  source.onmessage = (event) => onChange(JSON.parse(event.data));
  source.onopen = onOpen;
}

export function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
