// The values of a command's options: what can be chosen for one, and what the filled-in ones are sent as.

const [TEXT, WHOLE, TRUTH, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER] = [3, 4, 5, 6, 7, 8, 9, 10];

// The choices of an option that the bot does not complete; `names` are the channel's people, roles and channels.
export function fixedChoices(option, { users, roles, channels }) {
  if (option.choices?.length) return option.choices;
  if (option.type === TRUTH) return [{ name: "True", value: true }, { name: "False", value: false }];
  if (option.type === USER) return users;
  if (option.type === ROLE) return roles;
  if (option.type === MENTIONABLE) return [...users, ...roles];
  if (option.type === CHANNEL) {
    const kinds = option.channel_types;
    return kinds?.length ? channels.filter((each) => kinds.includes(each.kind)) : channels;
  }
  return [];
}

// The values of pills by option name, without those that can't be sent.
export function valuesOf(pills) {
  const values = {};
  for (const { option, input, value } of pills) {
    const text = input.value.trim();
    const isFree = text && !option.choices?.length;
    if (value !== undefined) values[option.name] = value;
    else if (isFree && option.type === TEXT) values[option.name] = text;
    else if (isFree && (option.type === WHOLE || option.type === NUMBER) && !Number.isNaN(Number(text))) {
      values[option.name] = Number(text);
    }
  }
  return values;
}

// Treats a text that is exactly one of the offered names as chosen.
export function settle(pills, names) {
  for (const pill of pills) {
    const text = pill.input.value.trim().toLowerCase();
    const same = pill.value === undefined && text && fixedChoices(pill.option, names).find((each) => each.name.toLowerCase() === text);
    if (same) pill.value = same.value;
  }
}
