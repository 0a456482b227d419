// matrix-js-sdk as it comes, and nothing around it: sign in, sync, send a photo, show the echo. What the page is measured against.

import * as sdk from "matrix-js-sdk";
import { logger } from "matrix-js-sdk/lib/logger.js";
import { initAsync } from "@matrix-org/matrix-sdk-crypto-wasm";
import { encryptAttachment } from "../../bot/page/web/src/attachment.js";

logger.setLevel?.("silent", false);
const element = (name) => document.getElementById(name);
const { room, ...account } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const client = sdk.createClient({ baseUrl: location.origin, ...account });

await initAsync();
await client.initRustCrypto();
client.on(sdk.RoomMemberEvent.Membership, (_, { membership, userId }) => {
  if (membership === "invite" && userId === account.userId) client.joinRoom(room);
});
client.on(sdk.MatrixEventEvent.Decrypted, (event) => {
  if (event.getSender() !== account.userId) element("echo").textContent += ` ${event.getContent().body}`;
});
client.on(sdk.ClientEvent.Sync, async () => {
  const isIn = client.getRoom(room)?.getMyMembership() === "join"; // before it knows the room it would send in the clear
  if (isIn && (await client.getCrypto().isEncryptionEnabledInRoom(room))) element("state").textContent = "joined";
});
element("send").onclick = async () => {
  const [chosen] = element("file").files;
  const { data, file } = await encryptAttachment(await chosen.arrayBuffer());
  const { content_uri: url } = await client.uploadContent(new Blob([data]));
  const info = { mimetype: chosen.type, size: chosen.size };
  await client.sendEvent(room, "m.room.message", { msgtype: "m.image", body: "photo.jpg", info, file: { ...file, url } });
};
await client.startClient({ initialSyncLimit: 60 });
