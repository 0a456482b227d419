// The form for the date of birth.

import { say } from "./saying.js";

const form = document.getElementById("born");
const [day, month, year] = ["day", "month", "year"].map((name) => document.getElementById(name));
const status = document.getElementById("born-status");

const isDate = ({ day, month, year }) => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

/** Ask for a date of birth, under these words if there are any; return it once it is one. */
export function askBirthday(words = "") {
  form.hidden = false;
  status.textContent = words;
  day.focus();
  return new Promise((given) => {
    form.onsubmit = (event) => {
      event.preventDefault();
      const born = { day: Number(day.value), month: Number(month.value), year: Number(year.value) };
      if (!isDate(born)) {
        status.textContent = say("noSuchDate");
        return;
      }
      form.hidden = true;
      form.reset();
      given(born);
    };
  });
}

export function hideBirthday() {
  form.hidden = true;
}
