import { z } from "zod";
import { type FieldTest, fieldTestSchema, type TestGroup } from "#contract/field-tests.ts";
import { testGroup } from "#nodes/condition/definition.ts";
import { type Path, record } from "#nodes/node-panel.tsx";
import { FieldName } from "#nodes/values/field-name.ts";

const Group = z.object(testGroup);
const Test = fieldTestSchema(FieldName);

/** The groups of tests of a step, as typed so far: one for each branch or rule, or the one of its own. Undefined where it has none. */
export function groupsOf(type: string, config: unknown): { at: Path; group: unknown }[] | undefined {
  const { branches, enterIf, leaveIf } = record(config);
  if (type === "start") {
    const rules = [
      ["enterIf", enterIf],
      ["leaveIf", leaveIf],
    ] as const;
    return rules.flatMap(([at, group]) => (group === undefined ? [] : [{ at: [at], group }]));
  }
  if (type === "wait_until" || type === "goal") return [{ at: [], group: config }];
  if (type !== "condition") return undefined;
  return (Array.isArray(branches) ? branches : []).map((group: unknown, index) => ({ at: ["branches", index], group }));
}

/** Those that are set up, up to the first that is not: whom the later ones take hangs on it. */
export function leadingGroups(groups: readonly { group: unknown }[]): { groups: TestGroup[]; unsetFrom: number | undefined } {
  const parsed = groups.map(({ group }) => Group.safeParse(group));
  const end = parsed.findIndex(({ success }) => !success);
  const ready = end === -1 ? parsed : parsed.slice(0, end);
  return { groups: ready.flatMap(({ data }) => (data ? [data] : [])), unsetFrom: end === -1 ? undefined : end };
}

/** The tests that are set up, wherever they stand, each with its place. */
export function placedTests(groups: readonly { at: Path; group: unknown }[]): { place: string; test: FieldTest }[] {
  return groups.flatMap(({ at, group }) => {
    const { tests } = record(group);
    return (Array.isArray(tests) ? tests : []).flatMap((one: unknown, index) => {
      const place = [...at, "tests", index];
      if (Array.isArray(record(one).tests)) return placedTests([{ at: place, group: one }]);
      const parsed = Test.safeParse(one);
      return parsed.success ? [{ place: place.join("."), test: parsed.data }] : [];
    });
  });
}
