// The form for the date of birth.

import { refused, remember, sealJson, unsealJson } from "./kept.js";
import { say } from "./saying.js";
import { NotNow } from "./stops.js";

const NAME = "born"; // what it is sealed as

const [form, leave] = ["born", "born-leave"].map((name) => document.getElementById(name));
const [day, month, year] = ["day", "month", "year"].map((name) => document.getElementById(name));
const status = document.getElementById("born-status");

/** Return a date as YYYY-MM-DD, "" where there is no such day. */
function asDate(...parts) {
  const [year, month, day] = parts.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const isThere = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isThere ? date.toISOString().slice(0, 10) : "";
}

/** Ask for a date of birth, under these words if there are any; return it once it is one. Who may leave it makes it throw `NotNow`. */
export function askBirthday(words = "", mayLeave = false) {
  form.hidden = false;
  leave.hidden = !mayLeave;
  status.textContent = words;
  day.focus();
  return new Promise((given, failed) => {
    leave.onclick = () => {
      close();
      failed(new NotNow());
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      const born = asDate(year.value, month.value, day.value);
      if (!born) {
        status.textContent = say("noSuchDate");
        return;
      }
      close();
      given(born);
    };
  });
}

function close() {
  form.hidden = true;
  form.reset();
}

/** Return the date of birth; one that was typed on a visit that broke before it was told is kept sealed, and not asked again. */
export async function birthdayOf(me) {
  if (me.born) return unsealJson(NAME, me.born);
  const born = await askBirthday();
  await remember("me", Object.assign(me, { born: await sealJson(NAME, born) })).catch(refused);
  return born;
}

/** Keep it no longer: told by itself once more, a wrong one would count twice. */
export const forgetBirthday = (me) => remember("me", Object.assign(me, { born: undefined }));

export function hideBirthday() {
  form.hidden = true;
}
