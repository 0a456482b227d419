// What buttons write: the words that a patient would type to the assistant, who reads them in English everywhere.

export const MY_IMAGES = "my images";
export const MY_COPY = "my copy";
export const MORE = "more";
export const LOST = "my phone is lost";
export const NOT_ME = "not me";
export const HELP = "help";
export const somebodyElse = (ref) => `${ref} is of somebody else`;
export const withdraw = (ref) => `withdraw ${ref}`;
export const correct = (ref, words) => `correct ${ref} ${words}`;
