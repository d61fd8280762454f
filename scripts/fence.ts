import { parseArgs } from "node:util";
import { createDb } from "#db/client.ts";
import { liftFence, raiseFence } from "#db/queries/send-fence.ts";

// npm run fence holds all sending of an instance, as a restored copy does by itself; --lift allows it again. It is for
// operators who put a database back by other means than `npm run restore`.

const { values } = parseArgs({ options: { lift: { type: "boolean", default: false } } });
const url = process.env.DATABASE_URL;
if (!url) {
  console.error("DATABASE_URL is needed: the address of the database, as the owner.");
  process.exit(2);
}
const db = createDb(url, { applicationName: "sluice fence", maxConnections: 1 });
try {
  if (values.lift) {
    const lifted = await db.transaction().execute((tx) => liftFence(tx, { userId: null }));
    console.log(lifted ? "Sending goes on." : "Sending was not held.");
  } else {
    await raiseFence(db);
    console.log("Nothing is sent until an instance admin confirms it in the app, or: npm run fence -- --lift");
  }
} finally {
  await db.destroy();
}
