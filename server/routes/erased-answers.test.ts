import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { chain, email, node } from "#test/graphs.ts";
import { callRoute, idsNamedBy, routeIds, routeTable } from "#test/route-call.ts";
import { routeSamples, type Sample, type SampleIds } from "#test/route-samples.ts";
import { buildSampleIds } from "#test/sample-ids.ts";

// An answer is kept for two days under its Idempotency-Key. When its contact is erased, it goes too: whoever repeats the request is not
// told what was known of the person.

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const canary = "Canarius";
const aboutContacts = routeIds.filter(
  (id) =>
    routeTable[id].auth.kind === "member" &&
    routeTable[id].method === "POST" &&
    routeTable[id].kind === "json" &&
    !routeTable[id].changesNothing &&
    idsNamedBy(id, {} as SampleIds).includes("contact"),
);

test.each(aboutContacts)("a %s that is repeated with its key is not answered with an erased contact", async (id) => {
  const tenant = await app.createTenant(`Of ${id}`);
  const owner = (await tenant.as("owner")).with({ "idempotency-key": randomUUID() });
  const ids = await buildSampleIds(app, tenant);
  const person = { firstname: canary, lastname: canary, email: "canarius@example.test", phone_e164: "+14159871234" };
  await app.db.owner.updateTable("contacts").set(person).where("id", "=", ids.contact).execute();
  // The owner has no telephone, so the flow of theirs that is tried sends an e-mail.
  if (id === "sendFlowToMe") {
    const { nodes, edges } = chain(node("start"), email(), node("end"));
    const mail = { nodes: JSON.stringify(nodes), edges: JSON.stringify(edges) };
    await app.db.owner.updateTable("flows").set(mail).where("id", "=", ids.flow).execute();
  }
  const sample: Sample = JSON.parse(JSON.stringify(routeSamples[id](ids)).replaceAll('"Hello"', `"Hello ${canary}"`));
  const first = await callRoute(owner, id, ids, () => sample);
  expect(first.status, first.text).toBeLessThan(300);
  await (await tenant.as("owner")).delete(`/api/contacts/${ids.contact}`);
  await (await tenant.as("owner")).post("/api/bin/erase", { ids: [ids.contact] });
  const again = await callRoute(owner, id, ids, () => sample);
  expect(`${again.status} ${again.text}`).not.toMatch(/canarius|4159871234/i);
});
