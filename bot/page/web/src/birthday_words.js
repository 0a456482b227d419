// Dates in words.

/** Write a date as the assistant does. */
export function asSaid({ day, month, year }) {
  const date = new Date(Date.UTC(year, month - 1, day));
  return `${day} ${date.toLocaleDateString("en-GB", { month: "long", timeZone: "UTC" })} ${year}`;
}
