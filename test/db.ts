import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import type { Db } from "#db/client.ts";
import { createDb } from "#db/client.ts";

export interface TestDb {
  ownerUrl: string;
  apiUrl: string;
  /** The owner's login, which no policy binds. Tests use it to prepare rows and to read what is really there. */
  owner: Db;
  /** The API's login. Use it with asMember(). */
  api: Db;
  drop(): Promise<void>;
}

/** A migrated, empty database for one test file: create it in beforeAll and drop() it in afterAll. */
export async function createTestDb(): Promise<TestDb> {
  return cloneDatabase(inject("templateOwnerUrl"), inject("templateApiUrl"));
}

/** A database with nothing in it, for tests of the migrations themselves. */
export async function createEmptyTestDb(): Promise<TestDb> {
  return cloneDatabase(inject("templateOwnerUrl"), inject("templateApiUrl"), "template0");
}

async function cloneDatabase(ownerUrl: string, apiUrl: string, template = "sluice_template"): Promise<TestDb> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await asAdmin(ownerUrl, `create database ${name} template ${template} strategy file_copy`);
  const ownUrls = { ownerUrl: withDatabase(ownerUrl, name), apiUrl: withDatabase(apiUrl, name) };
  // Many tests ask for something sixty times at once. On a busy machine the last of them wait longer than a person would.
  const options = { maxConnections: 5, connectWithinMs: 120_000 };
  const owner = createDb(ownUrls.ownerUrl, options);
  const api = createDb(ownUrls.apiUrl, options);
  return {
    ...ownUrls,
    owner,
    api,
    drop: async () => {
      await Promise.all([owner.destroy(), api.destroy()]);
      // The database is dropped also if a test has lost a connection of its own.
      await asAdmin(ownerUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function asAdmin(ownerUrl: string, statement: string): Promise<void> {
  // The connection is not to the template, because a database cannot be copied while somebody is connected to it.
  const client = new pg.Client({ connectionString: withDatabase(ownerUrl, "postgres") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const copy = new URL(url);
  copy.pathname = `/${name}`;
  return copy.toString();
}
