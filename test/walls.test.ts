import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type IConfiguration, type ICruiseResult } from "dependency-cruiser";
import { afterAll, beforeAll, expect, test } from "vitest";

const file: string = "../.dependency-cruiser.mjs";
const walls = ((await import(file)) as { default: IConfiguration }).default;
const forbidden = walls.forbidden ?? [];

// Each wall of .dependency-cruiser.mjs is shown an import that it must refuse, in a small tree of its own, and one that it
// must let pass. A wall without a sample here fails, so that no wall stands only on paper.

/** For each wall: who imports, and what. */
const refused: Record<string, [from: string, to: string]> = {
  "contract-is-the-bottom": ["contract/flows.ts", "#db/client.ts"],
  "db-knows-the-contract-only": ["db/queries/contacts.ts", "#engine/base/clock.ts"],
  "channels-know-the-contract-only": ["channels/email/smtp/send.ts", "#db/client.ts"],
  "channel-forms-are-drawn-with-ui": ["channels/email/smtp/form.tsx", "#web/lib/api.ts"],
  "ui-is-dumb": ["ui/button.tsx", "#web/lib/api.ts"],
  "engine-knows-no-node-types": ["engine/pass/advance.ts", "#nodes/delay/definition.ts"],
  "nodes-see-no-database": ["nodes/delay/executor.ts", "#db/client.ts"],
  "server-knows-no-screens": ["server/http/mount.ts", "#ui/button.tsx"],
  "web-talks-by-contract": ["web/lib/query.ts", "#server/http/mount.ts"],
  "no-node-in-the-browser": ["ui/files.ts", "node:fs"],
  "no-server-library-in-the-browser": ["nodes/split/definition.ts", "kysely"],
  "the-browser-reaches-no-server-code": ["web/main.tsx", "../web/lib/query.ts"],
  "the-server-reaches-no-screens": ["server/process/main.ts", "../http/mount.ts"],
  "engine-base-looks-down-only": ["engine/base/meter.ts", "../flow/template.ts"],
  "engine-jobs-looks-down-only": ["engine/jobs/jobs.ts", "../schedule/worker-turn.ts"],
  "engine-flow-looks-down-only": ["engine/flow/flow-cache.ts", "../execution/chunk.ts"],
  "engine-execution-looks-down-only": ["engine/execution/walk.ts", "../enrollment/enroll.ts"],
  "engine-messages-looks-down-only": ["engine/messages/recall-message.ts", "../enrollment/enroll.ts"],
  "engine-bin-looks-down-only": ["engine/bin/move-to-bin.ts", "../enrollment/enroll.ts"],
  "engine-enrollment-looks-down-only": ["engine/enrollment/page.ts", "../messages/recall-message.ts"],
  "engine-effects-looks-down-only": ["engine/effects/effect.ts", "../pass/advance.ts"],
  "engine-pass-looks-down-only": ["engine/pass/load-chunk.ts", "../schedule/worker-turn.ts"],
  "engine-schedule-looks-down-only": ["engine/schedule/drip.ts", "../commands/create-send.ts"],
  "engine-forecast-looks-down-only": ["engine/forecast/tally.ts", "../commands/create-send.ts"],
  "a-forecast-imports-nothing-that-delivers": ["engine/forecast/walk.ts", "../schedule/worker-turn.ts"],
  "engine-bulk-looks-down-only": ["engine/bulk/run-bulk.ts", "../drivers/graphile.ts"],
  "engine-kept-forecast-looks-down-only": ["engine/kept-forecast/a.ts", "#engine/drivers/graphile.ts"],
  "engine-commands-looks-down-only": ["engine/commands/retry.ts", "../drivers/graphile.ts"],
  "engine-simulation-stands-on-the-engine": ["engine/commands/preview.ts", "../simulation/simulate.ts"],
  "engine-sql-stands-in-rows": ["engine/schedule/turns.ts", "kysely"],
  "web-lib-knows-nothing-above": ["web/lib/hook.ts", "#web/features/sends/list.ts"],
  "web-entities-know-no-feature": ["web/entities/sends/queries.ts", "#web/features/sends/list.ts"],
  "web-features-know-no-app": ["web/features/queue/view.ts", "#web/app/router.tsx"],
  "web-features-know-no-feature": ["web/features/contacts/table.ts", "#web/features/sends/list.ts"],
  "no-circle": ["contract/a.ts", "./b.ts"],
  "no-test-code-in-the-product": ["db/tables.ts", "#test/db.ts"],
  "nothing-unresolved": ["contract/c.ts", "#contract/nowhere.ts"],
};

/** Files that the samples lead to, or that complete a longer way. */
const others: Record<string, string> = {
  "contract/b.ts": 'export * from "./a.ts";',
  "contract/messages.ts": "export const channels = [];",
  "web/lib/api.ts": "export const api = 1;",
  "web/features/sends/list.ts": "export const list = 1;",
  "web/app/router.tsx": 'import "#web/features/sends/list.ts";',
  "engine/commands/create-send.ts": 'import "../schedule/worker-turn.ts";',
  "engine/schedule/worker-turn.ts": 'import "#contract/messages.ts";',
  "engine/enrollment/enroll.ts": "export const enroll = 1;",
  "engine/execution/chunk.ts": "export const chunk = 1;",
  "engine/flow/template.ts": "export const template = 1;",
  "engine/simulation/simulate.ts": "export const simulate = 1;",
  "engine/drivers/graphile.ts": 'import "../jobs/jobs.ts";',
  "engine/base/clock.ts": "export const clock = 1;",
  "nodes/delay/definition.ts": "export const delay = 1;",
  "db/client.ts": "export const client = 1;",
  "test/db.ts": "export const testDb = 1;",
  "web/main.test.tsx": 'import "#test/db.ts";\nimport "node:fs";',
};

let folder: string;
let found: ICruiseResult["summary"]["violations"];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-walls-"));
  const imports = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")).imports as object;
  write("package.json", JSON.stringify({ type: "module", imports }));
  for (const [file, text] of Object.entries(others)) write(file, text);
  for (const [from, to] of Object.values(refused)) write(from, `import "${to}";\nexport const here = 1;`);
  symlinkSync(join(import.meta.dirname, "../node_modules"), join(folder, "node_modules"));
  const { output } = await cruise(["contract", "db", "channels", "engine", "nodes", "server", "ui", "web"], {
    ...walls.options,
    ruleSet: { forbidden },
    validate: true,
    baseDir: folder,
  } as Parameters<typeof cruise>[1]);
  found = (output as ICruiseResult).summary.violations;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

test("every wall has a sample that shows it refusing", () => {
  expect(Object.keys(refused).toSorted()).toEqual(forbidden.map(({ name }) => name).toSorted());
});

test.each(Object.entries(refused))("%s refuses that %o", (wall, [from]) => {
  expect(found.filter(({ rule }) => rule.name === wall).map((violation) => violation.from)).toContain(from);
});

test("an import downwards passes, and so does what a test imports", () => {
  const innocent = [
    "engine/commands/create-send.ts",
    "engine/schedule/worker-turn.ts",
    "engine/drivers/graphile.ts",
    "web/app/router.tsx",
    "web/main.test.tsx",
  ];
  expect(found.filter(({ from }) => innocent.includes(from))).toEqual([]);
});
