// Every sentence of the page, one table: a language is one more column. What the assistant says arrives in its own words.

const ENGLISH = {
  title: "Send a photo to your practice",
  titleNamed: "Send a photo to {practice}",
  emergency: "Not for emergencies: call 000.",
  slowLine: "There is no connection with your practice yet. Please keep this page open: it is tried again.",
  needsLink: "Please open the link, or scan the code, that your practice gave you.",
  tooOld: "This browser can't encrypt your photos, so nothing was sent, and your link is not used up. Please open it in another browser or on another phone, or call your practice.",
  keepsNothing: "This browser keeps nothing for this page: it may be a private window, or storage may be blocked or full. So nothing was sent, and no link was used up. Please open your link in an ordinary window or another browser, or call your practice.",
  otherTab: "This page is already open in another tab or window. You can go on there, or here.",
  wentOn: "This page goes on in another tab or window.",
  here: "Go on here",
  another: "This phone is set up already. Is the new link for somebody else whose photos you send, such as your child?",
  anotherAdd: "Yes, add them here",
  anotherLeave: "No, don't use the link here",
  added: "They were added. Choose whose photo it is each time you send one.",
  born: "The patient's date of birth",
  day: "Day",
  month: "Month",
  year: "Year",
  goOn: "Continue",
  notNow: "Not now",
  noSuchDate: "Please check the date.",
  otherBirthday: "That date doesn't match. Please check it.",
  notYou: "That date doesn't match either, so the link was closed and no photo was sent. Please ring your practice: it checks the date with you and gives you a new link.",
  unsent: "You chose this before the date was right. Send it now?",
  unsentSend: "Yes, send it",
  unsentDrop: "No, throw it away",
  connecting: "Making a private connection. You can choose your photo now.",
  connected: "You are connected.",
  choose: "Take or choose a photo",
  place: "A photo here says where it was taken.",
  withPlace: "Send it as it is",
  withoutPlace: "Leave the place out",
  placeStays: "The place can't be taken out of this photo, so nothing was sent. Please send it as it is, or choose another.",
  dark: "It looks rather dark. If you can, take another in daylight.",
  bright: "It looks very bright. If you can, take another without flash.",
  blurred: "It looks a little blurred. If you can, take another: hold still, and tap the spot on the screen first.",
  whose: "Whose photo is it?",
  choosePerson: "Please choose whose photo it is.",
  about: "What is it about?",
  aboutRef: "The right words for {ref}",
  send: "Send",
  cancel: "Don't change it",
  nothingChosen: "Please choose a photo, or write a few words.",
  tooLarge: "{name} is larger than {megabytes} MB, which is more than the practice can take.",
  phoneFull: "There is no room left on this phone, so it was not sent. Please make some room and try again.",
  noRoom: "There is no room left on this phone. Please make some room, and keep this page open: it goes on by itself.",
  unreadable: "A file can't be read any more, so nothing was sent. Please choose it again.",
  notKept: "Something went wrong on this phone, and nothing was sent. Please try again.",
  keeping: "Getting it ready… Please keep this page open.",
  kept: "It waits on this phone. Keep this page open until it says Sent.",
  offline: "No connection with your practice. What you send waits on this phone until there is one. Keep this page open until it says Sent.",
  noAnswer: "The practice's assistant does not answer yet. Please keep this page open: it goes on by itself.",
  encrypting: "Encrypting on your phone…",
  sending: "Sending… Please keep this page open.",
  again: "That did not work yet. Please keep this page open: it is tried again.",
  sent: "Sent.",
  slowDown: "The practice's server is busy. Please keep this page open: it goes on in a moment.",
  waits: "Waiting to be sent.",
  notTaken: "This could not be sent. It still waits on this phone. Please send it again later, or call your practice.",
  notTakenSend: "Send it again",
  notTakenDrop: "Throw it away",
  anAnswer: "Your answer to a question",
  messages: "Messages",
  onlyHere: "You see replies only here, when this page is open. To come back, open the same link again on this phone, in the same browser.",
  waiting: "Waiting for your answer",
  answered: "Your answers",
  held: "What is held about me",
  copy: "A copy of my record",
  lost: "My phone is lost",
  lostSure: "Yes, my phone is lost: end this page",
  notLost: "No, go on",
  help: "Help",
  otherPerson: "I am not this person",
  otherPersonSure: "Yes, I am somebody else: end this page",
  photo: "Your photo",
  yourFile: "Your file: {name}",
  theirFile: "A file for you: {name}",
  save: "Save {name}",
  saving: "Saving…",
  saved: "Your browser was asked to save it: look among your downloads. Whoever uses this phone can open it there.",
  notSaved: "It can't be had any more, or there is no connection. You can ask for it again.",
  more: "Show more",
  correct: "Correct {ref}",
  notMe: "{ref} shows somebody else",
  takeBack: "Take back {ref}",
  takeBackSure: "Yes, take back {ref}",
  keepIt: "Keep {ref}",
  unsure: "A message could not be checked, so it is not shown.",
  otherBot: "Stop: this is not your practice's assistant. No photo was sent. Please call your practice.",
  otherBotNow: "Stop: your practice's assistant is not the one it was, so nothing more is sent. What waits here is kept on this phone. Please call your practice.",
  notAlone: "Stop: somebody else was let into this chat, so nothing more is sent. What waits here is kept on this phone. Please call your practice.",
  otherLink: "That link is not from this practice, so nothing was done with it. Please call your practice.",
  otherLinkHere: "That link is not from this practice, so nothing was done with it. This page works as before.",
  linkEnded: "This link can't be used any more. If you opened it before in another app or browser, please go on there. Otherwise, ask your practice for a new one.",
  openedBefore: "If you opened the link before in another app or browser, please go on there.",
  signedOut: "This phone is not connected with your practice any more. Please ask it for a new link.",
  notSent: "What waited on this phone was not sent, and is no longer here.",
  maybeSent: "What waited on this phone is no longer here. Some of it may have been sent before.",
  failed: "Something went wrong. Please close this page and open it again.",
};

// As Android's ar-XB: English that runs from right to left, so that the layout shows without a translation.
const PSEUDO = "ar-XB";

const backwards = (text) => text.replace(/[A-Za-z0-9'’.,:…]+/g, (word) => `\u200f\u202e${word}\u202c\u200f`);

const OTHERS = {
  [PSEUDO]: {
    direction: "rtl",
    words: Object.fromEntries(
      Object.entries(ENGLISH).map(([name, text]) => [
        name,
        text.split(/(\{\w+\})/).map((part) => (part.startsWith("{") ? part : backwards(part))).join(""),
      ]),
    ),
  },
};

/** Return the first language asked for that there is; English is always there. */
export function languageOf(asked) {
  const name = asked.find((one) => one in OTHERS);
  return name ? { name, ...OTHERS[name] } : { name: "en", direction: "ltr", words: ENGLISH };
}

/** Return a function that says a sentence by its name, with what belongs into it. */
export function speaker(words) {
  return (name, belongs = {}) => words[name].replace(/\{(\w+)\}/g, (_, part) => belongs[part]);
}
