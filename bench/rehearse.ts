import { parseArgs } from "node:util";
import { createDb } from "#db/client.ts";
import { EngineRefusal } from "#engine/base/refusal.ts";
import { openInstance } from "../scripts/open-database.ts";
import { describeRehearsal } from "./rehearsal/describe.ts";
import { mostContacts } from "./rehearsal/invent.ts";
import { rehearse } from "./rehearsal/run.ts";
import { RehearsalRefused, readStoredFlow } from "./rehearsal/stored-flow.ts";

// npm run rehearse -- --flow "Welcome" --contacts 100000 shows what this machine would do with a send, before a customer finds
// out. The instance is only read; see docs/operations.md.
const usage = `npm run rehearse -- --flow <name or id> [--workspace <name or id>] [--contacts 10000] [--provider-ms 80] [--provider-calls 16]
  [--any-hour] [--data <folder>]

Runs the flow as it is stored for invented contacts, in a database that is thrown away. Nothing leaves this machine.
  --provider-ms     what a call of a provider or webhook takes
  --provider-calls  calls that a channel takes at a time
  --any-hour        without the quiet hours of the workspace`;

try {
  const { wanted, options, data } = readOptions();
  const stored = await readFrom(data, wanted);
  const rehearsed = await rehearse(stored, options, (line) => console.log(line));
  console.log(`\n${describeRehearsal(stored, rehearsed).join("\n")}`);
} catch (error) {
  if (!(error instanceof RehearsalRefused || error instanceof EngineRefusal)) throw error;
  const problems = error instanceof EngineRefusal ? (error.problems ?? []) : [];
  console.error([error.message, ...problems.map(({ message }) => `  ${message}`)].join("\n"));
  process.exitCode = 2;
}

function readOptions() {
  const { values } = readArguments();
  if (!values.flow) throw new RehearsalRefused(`Name the flow.\n\n${usage}`);
  const problems: string[] = [];
  const number = (name: "contacts" | "provider-ms" | "provider-calls", least: number, most: number) => {
    const given = Number(values[name]);
    if (!Number.isInteger(given) || given < least || given > most)
      problems.push(`--${name} takes a whole number from ${least} to ${most}, not "${values[name]}".`);
    return given;
  };
  const options = {
    contacts: number("contacts", 1, mostContacts),
    providerMs: number("provider-ms", 0, 60_000),
    callsAtATime: number("provider-calls", 1, 1_000),
    anyHour: values["any-hour"],
  };
  if (problems.length > 0) throw new RehearsalRefused(problems.join("\n"));
  return { wanted: { flow: values.flow, workspace: values.workspace }, options, data: values.data };
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        flow: { type: "string" },
        workspace: { type: "string" },
        contacts: { type: "string", default: "10000" },
        "provider-ms": { type: "string", default: "80" },
        "provider-calls": { type: "string", default: "16" },
        "any-hour": { type: "boolean", default: false },
        data: { type: "string" },
      },
    });
  } catch (error) {
    throw new RehearsalRefused(`${(error as Error).message}\n\n${usage}`);
  }
}

async function readFrom(data: string | undefined, wanted: { flow: string; workspace: string | undefined }) {
  const instance = await openInstance(data);
  const db = createDb(instance.url, { applicationName: "sluice rehearsal", maxConnections: 1 });
  try {
    return await readStoredFlow(db, wanted);
  } finally {
    await db.destroy();
    await instance.close();
  }
}
