import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { captureProvider } from "#channels/capture/send.ts";
import { defineProvider } from "#channels/provider-definition.ts";
import type { InboundRequest, ProviderServer } from "#channels/provider-server.ts";
import { type ProviderRegistry, productProviders } from "#channels/providers-server.ts";
import { defineRoute, none, type Route } from "#contract/route.ts";
import { providerSecretPlace } from "#db/queries/providers.ts";
import { createSecretBox } from "#db/secret-box.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { type Answer, createClient } from "#test/http-client.ts";
import { createProviderDirectory, type Inbound, type ProviderDirectory } from "../compose/provider-directory.ts";
import { createErrorHandler } from "./error-handler.ts";
import { mountRoutes } from "./mount.ts";
import type { AnyHandler } from "./mounted-route.ts";

// A provider that exists in this file only. It signs address and body with the token of the account.
const pigeon = defineProvider({
  label: "Pigeon",
  description: "For tests.",
  staysHere: false,
  way: "a pigeon",
  settings: z.strictObject({ loft: z.string() }),
  secrets: z.strictObject({ token: z.string().optional() }),
});
const sign = (token: string, { url, body }: Pick<InboundRequest, "url" | "body">) =>
  createHmac("sha256", token).update(url).update(body).digest();
let parses = 0;
const pigeonServer: ProviderServer<typeof pigeon> = {
  send: { open: ({ channel }) => captureProvider(channel) },
  inbound: {
    verify: (request, { secrets }) => {
      const given = Buffer.from(String(request.headers["x-pigeon-signature"] ?? ""), "hex");
      const expected = sign(secrets.token ?? "", request);
      return secrets.token !== undefined && given.length === expected.length && timingSafeEqual(given, expected);
    },
    parse: ({ body }) => {
      parses += 1;
      const { id } = JSON.parse(body.toString("utf8")) as { id: string };
      return [{ kind: "delivery", providerMessageId: id, status: "delivered" }];
    },
  },
};
const registry: ProviderRegistry = {
  definitions: { ...productProviders.definitions, sms: { ...productProviders.definitions.sms, pigeon } },
  servers: { ...productProviders.servers, sms: { ...productProviders.servers.sms, pigeon: pigeonServer } },
};

const route = defineRoute({
  method: "POST",
  path: "/api/inbound/:channel/:workspaceId",
  tag: "Test",
  summary: "A provider reports",
  auth: { kind: "signature" },
  kind: "raw",
  params: z.strictObject({ channel: z.string(), workspaceId: z.string() }),
  query: z.strictObject({ part: z.string().optional() }),
  response: none,
  status: 204,
  bodyLimit: 2048,
}) as Route;

const ourToken = "ours-canary-token";
const theirToken = "theirs-canary-token";
let app: TestApp;
let directory: ProviderDirectory;
let server: Server;
let url: string;
const arrived: Inbound[] = [];

beforeAll(async () => {
  app = await startTestApp();
  const { masterKey, log } = app.resources;
  directory = createProviderDirectory({ db: app.db.owner, masterKey, log, registry });
  await storeAccount(app.ours.workspaceId, ourToken);
  await storeAccount(app.theirs.workspaceId, theirToken);
  const handler: AnyHandler = async (call) => void arrived.push((call as { inbound: Inbound }).inbound);
  const one = express();
  const resources = { ...app.resources, providers: directory };
  mountRoutes(one, { inbound: route }, { inbound: handler }, { resources, checkResponses: true, isClaimed: async () => true });
  one.use(createErrorHandler(log));
  server = createServer(one);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await directory.close();
  await app.stop();
});
beforeEach(() => {
  arrived.length = 0;
  parses = 0;
});

async function storeAccount(workspaceId: string, token: string): Promise<void> {
  const secrets = createSecretBox(app.resources.masterKey).seal(providerSecretPlace({ workspaceId, channel: "sms" }), token);
  const row = {
    workspace_id: workspaceId,
    channel: "sms" as const,
    provider: "pigeon",
    settings: JSON.stringify({ loft: "roof" }),
    secrets,
  };
  await app.db.owner.insertInto("providers").values(row).execute();
}

const pathOf = (workspaceId: string, channel = "sms") => `/api/inbound/${channel}/${workspaceId}`;
const signatureFor = (path: string, body: string | Buffer, token: string) =>
  sign(token, { url: `${app.resources.publicUrl}${path}`, body: Buffer.from(body) }).toString("hex");
const report = '{"id":"p-1", "workspaceId":"another"}';

/** Sends the body, with the signature of this token over it unless headers are given. */
function send(path: string, raw: string | Buffer, token: string, headers?: Record<string, string>): Promise<Answer> {
  const client = createClient(url);
  return client.request("POST", path, { raw, headers: headers ?? { "x-pigeon-signature": signatureFor(path, raw, token) } });
}

async function expectRefused(answer: Answer): Promise<void> {
  expect([answer.status, answer.body]).toEqual([
    401,
    { success: false, code: "unauthenticated", error: "The signature of this request is not valid." },
  ]);
  expect([parses, arrived]).toEqual([0, []]);
}

describe("a provider's call is refused, all with the same answer and before anything is parsed,", () => {
  test("without a signature", async () => expectRefused(await send(pathOf(app.ours.workspaceId), report, ourToken, {})));

  test.each(["zz", "00", "", "é", "a".repeat(64)])("with the signature %j", async (signature) => {
    const headers = { "x-pigeon-signature": encodeURIComponent(signature) };
    await expectRefused(await send(pathOf(app.ours.workspaceId), report, ourToken, headers));
  });

  test("with the signature of another secret, be it another workspace's own", async () => {
    await expectRefused(await send(pathOf(app.ours.workspaceId), report, "guessed"));
    await expectRefused(await send(pathOf(app.ours.workspaceId), report, theirToken));
  });

  test("when one byte of a signed body was altered", async () => {
    const path = pathOf(app.ours.workspaceId);
    const headers = { "x-pigeon-signature": signatureFor(path, report, ourToken) };
    await expectRefused(await send(path, report.replace("p-1", "p-2"), ourToken, headers));
    await expectRefused(await send(path, `${report} `, ourToken, headers));
    await expectRefused(await send(path, "", ourToken, headers));
  });

  test("when a signed call is repeated at another workspace's address, or with another query", async () => {
    const path = pathOf(app.ours.workspaceId);
    const headers = { "x-pigeon-signature": signatureFor(path, report, ourToken) };
    await expectRefused(await send(pathOf(app.theirs.workspaceId), report, ourToken, headers));
    await expectRefused(await send(`${path}?part=2`, report, ourToken, headers));
  });

  test.each([
    ["a workspace there is not", "sms", "nowhere"],
    ["a workspace id that cannot be one", "sms", "a%00b"],
    ["a channel there is not", "fax", ""],
    ["a channel whose provider never calls", "email", ""],
  ])("for %s", async (_what, channel, workspaceId) => {
    await expectRefused(await send(pathOf(workspaceId || app.ours.workspaceId, channel), report, ourToken));
  });

  test("with the session of an owner instead of a signature", async () => {
    const { cookie = "" } = (await app.ours.as("owner")).headers;
    await expectRefused(await send(pathOf(app.ours.workspaceId), report, ourToken, { cookie, origin: url }));
  });
});

describe("a provider's call is refused unread", () => {
  test("when its body is too large, said before or found out while reading", async () => {
    const large = Buffer.alloc(3000, "x");
    const said = await send(pathOf(app.ours.workspaceId), large, ourToken);
    expect([said.status, said.body.code]).toEqual([413, "body_too_large"]);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(large);
        controller.close();
      },
    });
    const init = { method: "POST", body: stream, duplex: "half" } as RequestInit;
    expect((await createClient(url).fetch(pathOf(app.ours.workspaceId), init)).status).toBe(413);
    expect([parses, arrived]).toEqual([0, []]);
  });

  test("when its body is compressed", async () => {
    const path = pathOf(app.ours.workspaceId);
    const headers = { "x-pigeon-signature": signatureFor(path, report, ourToken), "content-encoding": "gzip" };
    expect((await send(path, report, ourToken, headers)).status).toBe(415);
    expect([parses, arrived]).toEqual([0, []]);
  });
});

describe("a provider's call with the right signature", () => {
  test("reaches the handler with the workspace of the account, whatever its body says", async () => {
    const { status, text } = await send(pathOf(app.ours.workspaceId), report, ourToken);
    expect([status, text]).toEqual([204, ""]);
    const events = [{ kind: "delivery", providerMessageId: "p-1", status: "delivered" }];
    expect(arrived).toEqual([{ workspaceId: app.ours.workspaceId, channel: "sms", provider: "pigeon", events }]);
  });

  test("is taken whatever its media type and its origin are", async () => {
    const path = `${pathOf(app.theirs.workspaceId)}?part=1`;
    const signature = signatureFor(path, report, theirToken);
    const headers = {
      "x-pigeon-signature": signature,
      "content-type": "application/x-www-form-urlencoded",
      origin: "https://elsewhere.example",
    };
    expect((await send(path, report, theirToken, headers)).status).toBe(204);
    expect(arrived).toMatchObject([{ workspaceId: app.theirs.workspaceId }]);
  });
});

describe("a route of this kind cannot be mounted", () => {
  const mount = (change: Partial<Route>) => () =>
    mountRoutes(
      express(),
      { inbound: { ...route, ...change } },
      { inbound: async () => undefined },
      {
        resources: app.resources,
        checkResponses: true,
        isClaimed: async () => true,
      },
    );

  test("when raw bytes and a signature do not come together", () => {
    expect(mount({ kind: "json" })).toThrow("must keep the raw body");
    expect(mount({ auth: { kind: "public" }, audit: "x" })).toThrow("must be signed");
  });
  test("when its path names no account", () => {
    expect(mount({ path: "/api/inbound/:channel" })).toThrow("names no account");
  });
  test("when it has a schema for a body that is verified before it is read", () => {
    expect(mount({ body: z.object({}) })).toThrow("has a schema for a raw body");
  });
});
