// What was said, as it is shown: edits put in, answers put to their questions, and nothing that nobody vouches for.
// Pure: the same messages give the same list.

const POLL = "org.matrix.msc3381.poll";
export const MARK = "org.consentry";
const NOTHING = { id: "", refs: [], whose: [], stays: [], question: "", typed: [] };
const NAMES = new Set(["answers-for", "asks-whose", "who-you-are"]);
const WITH_BUTTONS = new Set(["photo-safe", "photos-listed"]);

const wordsOf = (part) => part?.["org.matrix.msc1767.text"] ?? part?.body ?? "";

/** Return items to show, the oldest first. `bot` is the account whose words count, beside our own. */
export function conversation(said, bot) {
  const items = new Map();
  for (const event of said) {
    if (event.redacted || !(event.mine || event.sender === bot)) continue;
    if (!event.trusted) {
      if (event.type === "m.room.encrypted" || event.type === "m.room.message") items.set(event.id, { id: event.id, kind: "unsure", text: "", mark: NOTHING, isNews: event.isNews });
      continue;
    }
    if (event.relation?.rel_type === "m.replace") putEdit(items.get(event.relation.event_id), event);
    else if (event.type === `${POLL}.response`) putAnswer(items.get(event.relation?.event_id), event);
    else if (markOf(event.content).id === "question-closed") putEnd(items.get(markOf(event.content).asked), event);
    else {
      const mark = event.mine ? NOTHING : markOf(event.content);
      const item = itemOf(event, mark);
      if (item) items.set(event.id, { ...item, mark, tapped: event.mine ? event.content[MARK] : undefined, id: event.id, mine: event.mine, sender: event.sender, waits: event.waits, isNews: event.isNews && !event.mine });
    }
  }
  const shown = withoutTwins([...items.values()]);
  putNames(shown);
  putNewcomer(shown);
  const named = new Set();
  for (const item of shown) item.refs = newReferences(item, named);
  return shown;
}

/** Return what the assistant's message is, as it says itself to apps; nothing of its words is ever read. */
export const markOf = (content) => ({ ...NOTHING, ...content[MARK] });

function itemOf({ type, content, mine }, mark) {
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
  const tapped = mine && content[MARK]?.whose; // a name was tapped, and its number is what was written
  return { kind: "words", text: tapped || withoutTyped(content.body ?? "", mark) };
}

/** Return the words without what only says how to type an answer: here are buttons for that. */
function withoutTyped(words, { typed }) {
  const left = typed.reduce((rest, part) => rest.replace(part, () => ""), words);
  return left.replace(/\n{3,}/g, "\n\n").trim();
}

function putEdit(item, event) {
  if (!item || item.sender !== event.sender) return;
  const now = event.content["m.new_content"] ?? {};
  const mark = event.mine ? NOTHING : markOf(now);
  Object.assign(item, { text: now.body === undefined ? item.text : withoutTyped(now.body, mark), mark });
}

function putAnswer(item, event) {
  if (item?.kind !== "question" || !event.mine || isAnswered(item)) return;
  item.chosen = event.content[`${POLL}.response`]?.answers?.[0] ?? item.chosen;
  item.waits = event.waits;
}

function putEnd(item, event) {
  if (item && item.sender === event.sender) item.over = true;
}

/** Leave out the words of questions that stand there as a poll as well: the poll is what comes next of all that asks. */
function withoutTwins(items) {
  const asking = items.filter((item) => item.kind === "question" || item.mark.id === "asked-in-words");
  const twins = new Set(asking.filter((item, at) => item.kind === "words" && asking[at + 1]?.kind === "question"));
  return items.filter((item) => !twins.has(item));
}

/**
 * Note who was tapped after it was asked whose photo it is: what fits nobody is asked again. What was written the assistant reads, and
 * says that it is answered.
 */
function putNames(items) {
  for (const [at, item] of items.entries()) {
    if (item.mark.id !== "asks-whose") continue;
    item.chosen = items.slice(at).find(({ tapped }) => tapped?.answers === item.mark.question)?.tapped.whose ?? null;
  }
}

/** Note that somebody can still say that they are another: until their first photo, as the assistant hears it. */
function putNewcomer(items) {
  const hasSent = items.some(({ mine, kind, mark }) => (mine && kind === "file") || WITH_BUTTONS.has(mark.id));
  for (const item of items) item.isNewcomer = item.mark.id === "who-you-are" && !hasSent;
}

/** Return the references of a message that no earlier one had buttons for. */
function newReferences({ mark }, named) {
  const found = WITH_BUTTONS.has(mark.id) ? mark.refs.filter((ref) => !named.has(ref)) : [];
  for (const ref of found) named.add(ref);
  return found;
}

/** Return for whom the assistant last said that one answers, and in which message; null where it did not. */
export function whoseIn(items) {
  const last = items.filter((item) => NAMES.has(item.mark.id)).at(-1);
  return last ? { names: last.mark.whose, saidIn: last.id } : null;
}

/** Return the assistant's latest message of those that are shown before the first that can't be; "" for none. */
export function latestShown(items) {
  const unsure = items.findIndex((item) => item.kind === "unsure");
  const shown = unsure === -1 ? items : items.slice(0, unsure);
  return shown.filter((item) => !item.mine).at(-1)?.id ?? "";
}

/** Whether somebody's answer is waited for. */
export function isOpen(item) {
  if (item.kind !== "question" && item.mark.id !== "asks-whose") return false;
  const isOfBefore = item.kind !== "question" && !item.mark.question; // asked before taps could name their question: words answer it
  return !isOfBefore && !item.over && !isAnswered(item);
}

/** Whether an answer was given that ends the question: "later" ends none. */
function isAnswered({ chosen, mark }) {
  return chosen !== null && !(mark.id === "can-be-put-off" && mark.stays.includes(chosen));
}

/** The event that answers a question. */
export const answerTo = (question, answer) => ({
  type: `${POLL}.response`,
  content: {
    [`${POLL}.response`]: { answers: [answer] },
    "m.relates_to": { rel_type: "m.reference", event_id: question },
  },
});

/** The words that say whose photo it is: for the question they are tapped under, and by name, whatever is asked meanwhile. */
export const whoseIs = (question, number, whose) => ({
  type: "m.room.message",
  content: { msgtype: "m.text", body: String(number), [MARK]: { answers: question, whose } },
});
