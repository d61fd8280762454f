import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let viewer: Client;
let stranger: Client;

beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  viewer = await app.ours.as("viewer");
  stranger = await app.theirs.as("owner");
});
afterAll(() => app.stop());

const add = async (body: object) => {
  const { status, body: contact } = await editor.post("/api/contacts", body);
  expect(status).toBe(201);
  return contact as { id: string } & Record<string, unknown>;
};
const withFilter = (path: string, filter: unknown) => `${path}?filter=${encodeURIComponent(JSON.stringify(filter))}`;

describe("refusals", () => {
  test("a foreign contact and one that is not there get the same answer, to every request", async () => {
    const { id } = await add({ firstname: "Ours" });
    const requests = [
      (contact: string) => stranger.get(`/api/contacts/${contact}`),
      (contact: string) => stranger.patch(`/api/contacts/${contact}`, { firstname: "x" }),
      (contact: string) => stranger.delete(`/api/contacts/${contact}`),
      (contact: string) => stranger.get(`/api/contact-imports/${contact}`),
    ];
    for (const ask of requests) {
      const [foreign, missing] = [await ask(id), await ask(randomUUID())];
      expect(foreign.status).toBe(404);
      expect({ ...foreign.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
    }
    expect((await viewer.get(`/api/contacts/${id}`)).body.firstname).toBe("Ours");
  });

  test("a viewer changes nothing", async () => {
    const { id } = await add({ firstname: "Ours" });
    const selection = { type: "ids", ids: [id] };
    const answers = await Promise.all([
      viewer.post("/api/contacts", { firstname: "x" }),
      viewer.patch(`/api/contacts/${id}`, { firstname: "x" }),
      viewer.delete(`/api/contacts/${id}`),
      viewer.post("/api/contacts/bulk", { selection, action: { type: "delete" } }),
      viewer.request("POST", `/api/contacts/import?importId=${randomUUID()}&mapping=${encodeURIComponent('{"Name":"name"}')}`, {
        raw: "Name\nx\n",
        headers: { "content-type": "text/csv" },
      }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  });

  test("everything that is wrong with a query is told at once, and no filter is a fault of ours", async () => {
    const filter = {
      tests: [
        { field: "name", operator: "before", value: "x" },
        { field: "nonsense", operator: "is", value: "x" },
      ],
    };
    const { status, body } = await viewer.get(`${withFilter("/api/contacts", filter)}&sort=shoe_size&limit=1000&cursor=x`);
    expect(status).toBe(400);
    expect(body.problems.map(({ path }: { path: string }) => path).sort()).toEqual(
      expect.arrayContaining(["filter.tests.0.operator", "filter.tests.1.field", "limit", "sort"]),
    );
    for (const cursor of ["x", "W10", "%00", Buffer.from('["created_at","desc",1,"x"]').toString("base64url")]) {
      const refused = await viewer.get(`/api/contacts?cursor=${cursor}`);
      expect(refused.body, cursor).toMatchObject({ code: "invalid_request", problems: [{ path: "cursor" }] });
    }
    for (const text of ["' or 1=1 --", "\\", "%", "\0", "\ud800", "💥", "a".repeat(100)]) {
      expect((await viewer.get(withFilter("/api/contacts", { search: text, tests: [] }))).status, text).toBe(200);
    }
  });

  test("a time zone is kept by its canonical name, and an offset or a name that Postgres does not know is refused", async () => {
    for (const [typed, kept] of [
      ["america/los_angeles", "America/Los_Angeles"],
      ["Asia/Calcutta", "Asia/Kolkata"],
      ["US/Pacific", "America/Los_Angeles"],
    ]) {
      expect(await add({ firstname: "Ann", timeZone: typed })).toMatchObject({ timeZone: kept });
    }
    for (const timeZone of ["+05:45", "-08:00", "-03", "US/Pacific-New", "PST"]) {
      const { status, body } = await editor.post("/api/contacts", { firstname: "Ann", timeZone });
      expect([status, body.problems?.[0]?.path], timeZone).toEqual([400, "timeZone"]);
    }
  });

  test("a time zone, a number and an address that cannot be used are refused together", async () => {
    const bad = { timeZone: "Mars/Olympus", phoneNumber: "+1234567890", email: "ann@home" };
    const { status, body } = await editor.post("/api/contacts", { firstname: "Ann", ...bad });
    expect({ status, paths: body.problems.map(({ path }: { path: string }) => path).sort() }).toEqual({
      status: 400,
      paths: ["email", "phoneNumber", "timeZone"],
    });
    const { id } = await add({ firstname: "Ann" });
    for (const [field, value] of Object.entries(bad)) {
      expect((await editor.patch(`/api/contacts/${id}`, { [field]: value })).body.problems, field).toMatchObject([{ path: field }]);
    }
  });

  test("a number that a contact has already is no reason to refuse another change", async () => {
    const { id } = await add({ firstname: "Ann" });
    await app.db.owner.updateTable("contacts").set({ phone_number: "12", email: "n/a" }).where("id", "=", id).execute();
    const saved = await editor.patch(`/api/contacts/${id}`, { phoneNumber: "12", email: "n/a", leadStatus: "Hot" });
    expect(saved.body).toMatchObject({ phoneNumber: "12", email: "n/a", leadStatus: "Hot" });
  });

  test("somebody who is here already is not added a second time without a word", async () => {
    const john = await add({ firstname: "John", lastname: "Doe", phoneNumber: "(415) 555-2670", email: "doe@example.com" });
    const again = { firstname: "John", lastname: "Doe", phoneNumber: "+1 415 555 2670" };
    for (const body of [again, { firstname: "John", email: "DOE@example.com" }, { phoneNumber: "4155552670" }]) {
      const { status, body: refusal } = await editor.post("/api/contacts", body);
      expect({ status, code: refusal.code }).toEqual({ status: 409, code: "contact_exists" });
      expect(refusal.problems[0].message).toMatch(/^John Doe has this (number|address)$/);
    }
    const others = await editor.get("/api/contacts/twins?firstname=Jane&lastname=Doe&phoneNumber=4155552670");
    expect(others.body.items).toMatchObject([{ contact: { id: john.id }, same: ["phoneNumber"], likely: false }]);
    await add({ ...again, firstname: "Jane" });
    await add({ ...again, evenIfTwin: true });
    expect((await viewer.get(withFilter("/api/contacts/count", { search: "4155552670", tests: [] }))).body).toEqual({ total: 3 });
  });

  test("an address is one, however its domain is spelled, also in the question whether somebody has it", async () => {
    const max = await add({ firstname: "Max", email: "max@bücher.example" });
    expect(max.email).toBe("max@xn--bcher-kva.example");
    for (const email of ["Max@BÜCHER.example", "max@xn--bcher-kva.example"]) {
      expect((await editor.post("/api/contacts", { firstname: "Max", email })).body, email).toMatchObject({ code: "contact_exists" });
      const { body } = await editor.get(`/api/contacts/twins?firstname=Max&email=${encodeURIComponent(email)}`);
      expect(body.items, email).toMatchObject([{ contact: { id: max.id }, same: ["email"] }]);
    }
    expect((await editor.patch(`/api/contacts/${max.id}`, { email: "max@müller.example" })).body.email).toBe("max@xn--mller-kva.example");
  });

  test("a key that may only write contacts does not learn whose number it is", async () => {
    await add({ firstname: "Secret", lastname: "Person", phoneNumber: "+14155552688" });
    const writer = await app.ours.key(["contacts:write"]);
    const { status, body } = await writer.post("/api/contacts", { phoneNumber: "+14155552688" });
    expect(status).toBe(409);
    expect(JSON.stringify(body)).not.toMatch(/Secret|Person/);
    expect(body.problems[0].message).toBe("Somebody has this number");
  });

  test("a change of one custom field leaves the others as they are, also beside other changes, and null takes one away", async () => {
    const { id } = await add({ firstname: "Ann", metadata: { birthday: "1990-01-02", tags: ["vip"], note: "x" } });
    const fields = Array.from({ length: 8 }, (_, index) => `f${index}`);
    await Promise.all(fields.map((field) => editor.patch(`/api/contacts/${id}`, { metadata: { [field]: 1 } })));
    const { body } = await editor.patch(`/api/contacts/${id}`, { metadata: { score: 5, note: null } });
    expect(body.metadata).toEqual({
      ...{ birthday: "1990-01-02", tags: ["vip"], score: 5 },
      ...Object.fromEntries(fields.map((field) => [field, 1])),
    });
  });

  test("two requests that add the same person at once add one", async () => {
    const twice = { firstname: "Race", email: "race@example.com" };
    const answers = await Promise.all([1, 2, 3, 4].map(() => editor.post("/api/contacts", twice)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  test("wrappers and invisible marks are taken off what is typed", async () => {
    const given = { firstname: '="Ann"', lastname: "\u202AWrapped\u202C", phoneNumber: "'4155552699", email: "\u200Ewrapped@example.com" };
    expect(await add(given)).toMatchObject({
      firstname: "Ann",
      lastname: "Wrapped",
      phoneE164: "+14155552699",
      email: "wrapped@example.com",
    });
  });
});

describe("contacts over HTTP", () => {
  test("one is added, found by its number in any format, changed, counted and deleted", async () => {
    const contact = await add({ firstname: "Zoë", phoneNumber: "(415) 555-2671", email: " zoe@example.com ", smsOptedOut: true });
    expect(contact).toMatchObject({ displayName: "Zoë", phoneE164: "+14155552671", email: "zoe@example.com", optOutSource: "manual" });
    const found = await viewer.get(withFilter("/api/contacts", { search: "415.555.2671", tests: [] }));
    expect(found.body.items.map(({ id }: { id: string }) => id)).toEqual([contact.id]);
    const patched = await editor.patch(`/api/contacts/${contact.id}`, {
      phoneNumber: "",
      leadStatus: "Won",
      smsOptedOut: false,
      consent: { where: "By phone", givenAt: "2026-05-03" },
    });
    expect(patched.body).toMatchObject({ phoneNumber: null, phoneE164: null, smsOptedOutAt: null, leadStatus: "Won", firstname: "Zoë" });
    const won = { tests: [{ field: "lead_status", operator: "is", value: "won" }] };
    expect((await viewer.get(withFilter("/api/contacts/count", won))).body).toEqual({ total: 1 });
    expect((await viewer.get("/api/contacts/facets")).body.leadStatuses).toContain("Won");
    expect((await editor.delete(`/api/contacts/${contact.id}`)).body).toEqual({ success: true });
    expect((await viewer.get(`/api/contacts/${contact.id}`)).status).toBe(404);
    expect((await editor.delete(`/api/contacts/${contact.id}`)).status).toBe(404);
  });

  test("a selection is changed and deleted as a whole, with exact numbers", async () => {
    for (let index = 0; index < 5; index += 1) await add({ firstname: `Bulk${index}`, lastname: "Selection" });
    const filter = { search: "bulk selection", tests: [] };
    const selection = { type: "filter", filter, excluded: [] };
    const changed = await editor.post("/api/contacts/bulk", { selection, action: { type: "change_status", leadStatus: "Old" } });
    expect(changed.body).toEqual({ success: true, matched: 5, changed: 5 });
    const deleted = await editor.post("/api/contacts/bulk", { selection, action: { type: "delete" } });
    expect(deleted.body).toEqual({ success: true, matched: 5, changed: 5 });
    expect((await viewer.get(withFilter("/api/contacts/count", filter))).body).toEqual({ total: 0 });
    const nobody = await editor.post("/api/contacts/bulk", { selection, action: { type: "delete" } });
    expect(nobody.body).toEqual({ success: true, matched: 0, changed: 0 });
  });

  test("a filter of a blank value or search is refused by every act on contacts, and nobody is changed", async () => {
    await add({ firstname: "Untouched" });
    const { body: before } = await viewer.get("/api/contacts/count");
    for (const blank of [" ", "\t\n", "\u200b"]) {
      const filters = [
        { search: blank, tests: [] },
        ...["contains", "not_contains", "starts_with", "ends_with", "is_not"].map((operator) => ({
          tests: [{ field: "name", operator, value: blank }],
        })),
        { tests: [{ field: "lead_status", operator: "not_in", value: [blank] }] },
      ];
      for (const filter of filters) {
        const selection = { type: "filter", filter };
        const answers = [
          await editor.post("/api/contacts/bulk", { selection, action: { type: "delete" } }),
          await viewer.get(withFilter("/api/contacts", filter)),
          await viewer.get(withFilter("/api/contacts/count", filter)),
          await viewer.get(withFilter("/api/contacts/export", filter)),
        ];
        expect(
          answers.map(({ status }) => status),
          JSON.stringify(filter),
        ).toEqual([400, 400, 400, 400]);
      }
    }
    expect((await viewer.get("/api/contacts/count")).body).toEqual(before);
  });

  test("the export is a CSV file to keep; a workspace of others exports nothing of ours", async () => {
    await add({ firstname: "Exported", phoneNumber: "(415) 555-2671" });
    const { status, headers, text } = await viewer.get(withFilter("/api/contacts/export", { search: "exported", tests: [] }));
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/csv; charset=utf-8/);
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="contacts-\d{4}-\d{2}-\d{2}\.csv"$/);
    expect(text.split("\r\n")).toHaveLength(3);
    expect(text).toContain('"Exported",,,,"+14155552671",');
    expect((await stranger.get("/api/contacts/export")).text).not.toContain("Exported");
  });
});

describe("an import over HTTP", () => {
  type Columns = Record<string, string>;
  const settingsFor = (importId: string, columns: Columns) => ({
    importId,
    columns: Object.entries(columns).map(([header, target]) => ({ header, target })),
  });
  const upload = (importId: string, columns: Columns, file: string | Buffer) =>
    editor.request("POST", "/api/contacts/import", { body: settingsFor(importId, columns), file });

  test("what is no form of settings and a file is refused", async () => {
    const csv = await editor.request("POST", "/api/contacts/import", { raw: "Name\nAnn\n", headers: { "content-type": "text/csv" } });
    expect({ status: csv.status, code: csv.body.code }).toEqual({ status: 415, code: "unsupported_media_type" });
    const broken = await editor.request("POST", "/api/contacts/import", {
      raw: "x",
      headers: { "content-type": "multipart/form-data; boundary=b" },
    });
    expect({ status: broken.status, code: broken.body.code }).toEqual({ status: 400, code: "invalid_request" });
    const unknown = await editor.request("POST", "/api/contacts/import", { body: { importId: "1", columns: [] }, file: "Name\nAnn\n" });
    expect(unknown.body.problems.map((problem: { path: string }) => problem.path)).toEqual(["importId", "columns"]);
  });

  test("settings are JSON like any other body: not nested without end, no names that reach a prototype, no megabytes", async () => {
    const send = (settings: string) => {
      const form = new FormData();
      form.set("settings", settings);
      form.set("file", new Blob(["Name\nAnn\n"]), "people.csv");
      return editor.fetch("/api/contacts/import", { method: "POST", body: form });
    };
    for (const [settings, status, code] of [
      ["[".repeat(100_000), 400, "malformed_json"],
      [`${"[".repeat(2_000)}${"]".repeat(2_000)}`, 400, "malformed_json"],
      [`[${"[],".repeat(160_000)}[]]`, 400, "malformed_json"],
      [`{"importId":"${randomUUID()}","columns":[],"__proto__":{"a":1}}`, 400, "invalid_request"],
      [`"${"x".repeat(600 * 1024)}"`, 413, "body_too_large"],
    ] as const) {
      const response = await send(settings);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
    }
  });

  test("an import that is repeated with its Idempotency-Key gets the first answer, and another file under the key is refused", async () => {
    const keyed = editor.with({ "idempotency-key": `import ${randomUUID()}`.replace(" ", "-") });
    const body = settingsFor(randomUUID(), { Email: "email" });
    const ask = (file: string) => keyed.request("POST", "/api/contacts/import", { body, file });
    const first = await ask("Email\nonce@example.com\n");
    const again = await ask("Email\nonce@example.com\n");
    expect([first.status, again.status, again.text, again.headers.get("idempotent-replayed")]).toEqual([200, 200, first.text, "true"]);
    expect((await ask("Email\ntwice@example.com\n")).body.code).toBe("idempotency_key_reused");
  });

  test("a file that is no CSV is refused, and the import says so to whoever asks", async () => {
    const importId = randomUUID();
    const { status, body } = await upload(importId, { Name: "name" }, Buffer.from("PK\u0003\u0004"));
    expect({ status, code: body.code }).toEqual({ status: 422, code: "import_invalid" });
    expect((await viewer.get(`/api/contact-imports/${importId}`)).body).toMatchObject({ state: "failed", errorMessage: body.error });
  });

  test("columns that do not fit are all named, and a question about consent has a code of its own", async () => {
    const { body } = await upload(randomUUID(), { Nome: "name", Mail: "email" }, "Name,Email\nx,y\n");
    expect(body.problems.map((problem: { path: string }) => problem.path)).toEqual(["columns.0.header", "columns.1.header"]);
    const asked = await upload(randomUUID(), { Name: "name", DND: "ignore" }, "Name,DND\nx,true\n");
    expect(asked.body).toMatchObject({ code: "consent_unclear", problems: [{ path: "columns.1" }] });
  });

  test("300 columns with long names are settings like any others", async () => {
    const columns = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`${"A long name of a column ".repeat(5)}${index}`, "metadata"]),
    );
    const header = ["Email", ...Object.keys(columns)];
    const { status, body } = await upload(randomUUID(), { Email: "email", ...columns }, `${header.join(",")}\nwide@example.com,1\n`);
    expect({ status, created: body.created }).toEqual({ status: 200, created: 1 });
  });

  test("a file larger than announced is refused while it is being sent", async () => {
    const chunk = Buffer.from(`${"x".repeat(1000)}@example.com\n`.repeat(64));
    const limit = 1024 ** 3;
    let sent = 0;
    const answer = await new Promise<{ status?: number; body: string }>((resolve, reject) => {
      const headers = { ...editor.headers, "content-type": "multipart/form-data; boundary=part", "transfer-encoding": "chunked" };
      const outgoing = request(`${app.url}/api/contacts/import`, { method: "POST", headers }, (incoming) => {
        let body = "";
        incoming.on("data", (part) => {
          body += part;
        });
        incoming.on("end", () => resolve({ status: incoming.statusCode, body }));
      });
      let answered = false;
      outgoing.on("response", () => {
        answered = true;
      });
      // A server that has answered may close on what it does not want any more.
      outgoing.on("error", (error) => !answered && reject(error));
      outgoing.write('--part\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nEmail\n');
      const more = () => {
        while (!answered && sent < limit) {
          sent += chunk.length;
          if (!outgoing.write(chunk)) return void outgoing.once("drain", more);
        }
        outgoing.end();
      };
      more();
    });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body).error).toMatch(/^The file is larger than 10 MiB/);
    expect(sent).toBeLessThan(limit / 10);
  });

  test("a file is imported once, however often its upload is repeated, and the import can be looked at", async () => {
    const importId = randomUUID();
    const file = "First name,Email,Phone\nUp,up@example.com,(415) 555-0142\nLoad,load@example.com,12\n";
    const mapping = { "First name": "firstname", Email: "email", Phone: "phone_number" };
    const first = await upload(importId, mapping, file);
    expect({ status: first.status, ...first.body }).toMatchObject({ status: 200, state: "done", rowsRead: 2, created: 2, refused: 0 });
    expect((await upload(importId, mapping, file)).body).toEqual(first.body);
    expect((await viewer.get(`/api/contact-imports/${importId}`)).body).toEqual(first.body);
    expect((await viewer.get(withFilter("/api/contacts/count", { search: "up@example", tests: [] }))).body).toEqual({ total: 1 });
  });
});
