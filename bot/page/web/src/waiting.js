// What was tapped or written here, and has not come back from the room yet: it is shown as said, so that nobody says it twice.
// It is known by its transaction id, which the homeserver tells the device that sent it.

const waiting = new Map(); // by transaction id: the type and content

export const noteWaiting = (id, type, content) => waiting.set(id, { type, content });
export const forgetWaiting = (id) => waiting.delete(id);
export const forgetAllWaiting = () => waiting.clear();

/** Return what was said, and after it what waits. */
export function withWaiting(said, mine) {
  for (const { transaction } of said) waiting.delete(transaction);
  return [...said, ...[...waiting].map(([id, { type, content }]) => asSaid(id, type, content, mine))];
}

function asSaid(id, type, content, sender) {
  const relation = content["m.relates_to"] ?? null;
  return { id: `~${id}`, type, content, relation, sender, mine: true, redacted: false, trusted: true, waits: true };
}
