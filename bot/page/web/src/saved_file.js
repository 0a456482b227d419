// Files from the assistant, such as the copy of a record: decrypted here, and saved by the browser where downloads go.

import { decryptAttachment } from "./attachment.js";
import { download } from "./homeserver.js";

const LONG_ENOUGH = 60_000; // milliseconds for the browser to take the file over

/** Save the file under its name; throw where it can't be had any more. */
export async function saveFile({ file, type, name }, token) {
  const blob = new Blob([await decryptAttachment(await download(file.url, token), file)], { type });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LONG_ENOUGH);
}
