// What was said, as it is shown: edits put in, answers put to their questions, and nothing that nobody vouches for.
// Pure: the same messages give the same list.

const POLL = "org.matrix.msc3381.poll";
const REFERENCE = /\bIMG-[0-9A-Z]{4,8}\b/g;

const wordsOf = (part) => part?.["org.matrix.msc1767.text"] ?? part?.body ?? "";

/** Return items to show, the oldest first. `bot` is the account whose words count, beside our own. */
export function conversation(said, bot) {
  const items = new Map();
  const named = new Set();
  for (const event of said) {
    if (event.redacted || !(event.mine || event.sender === bot)) continue;
    if (!event.trusted) {
      if (event.type === "m.room.encrypted" || event.type === "m.room.message") items.set(event.id, { id: event.id, kind: "unsure" });
      continue;
    }
    if (event.relation?.rel_type === "m.replace") putEdit(items.get(event.relation.event_id), event);
    else if (event.type === `${POLL}.response`) putAnswer(items.get(event.relation?.event_id), event);
    else if (event.type === `${POLL}.end`) putEnd(items.get(event.relation?.event_id), event);
    else {
      const item = itemOf(event);
      if (item) items.set(event.id, { ...item, id: event.id, mine: event.mine, sender: event.sender });
    }
  }
  for (const item of items.values()) item.refs = item.kind === "words" && !item.mine ? newReferences(item.text, named) : [];
  return [...items.values()];
}

function itemOf({ type, content }) {
  const poll = content[`${POLL}.start`];
  if (type === `${POLL}.start` && poll) {
    const answers = poll.answers.map((answer) => ({ id: answer.id, text: wordsOf(answer) }));
    return { kind: "question", text: wordsOf(poll.question), answers, chosen: null, over: false };
  }
  if (type !== "m.room.message") return null;
  if (["m.image", "m.file"].includes(content.msgtype) && content.file) {
    const name = content.filename ?? content.body;
    return { kind: "file", file: content.file, type: content.info?.mimetype ?? "", name, text: content.body === name ? "" : content.body };
  }
  return { kind: "words", text: content.body ?? "" };
}

function putEdit(item, event) {
  if (item && item.sender === event.sender) item.text = event.content["m.new_content"]?.body ?? item.text;
}

function putAnswer(item, event) {
  if (item?.kind === "question" && event.mine) item.chosen = event.content[`${POLL}.response`]?.answers?.[0] ?? item.chosen;
}

function putEnd(item, event) {
  if (item?.kind === "question" && item.sender === event.sender) item.over = true;
}

/** Return the references in the words that no earlier message named: their buttons stand there. */
function newReferences(text, named) {
  const found = [...new Set(text.match(REFERENCE) ?? [])].filter((ref) => !named.has(ref));
  for (const ref of found) named.add(ref);
  return found;
}

/** The event that answers a question. */
export const answerTo = (question, answer) => ({
  type: `${POLL}.response`,
  content: {
    [`${POLL}.response`]: { answers: [answer] },
    "m.relates_to": { rel_type: "m.reference", event_id: question },
  },
});
