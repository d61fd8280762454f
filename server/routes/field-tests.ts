import { type FieldTest, isGroup, type TestGroup } from "#contract/field-tests.ts";
import { countShares } from "#db/queries/test-shares.ts";
import { isKnownByRun, plainField } from "#nodes/values/field-name.ts";
import { toRecord } from "#nodes/values/typed-value.ts";
import type { Handlers } from "../http/handler.ts";

export const fieldTestRoutes = {
  countShares: async ({ db, workspaceId, body }) => {
    const { unsayable, ...counted } = await countShares(db, { workspaceId, groups: body.groups.map(plainGroup) });
    return {
      ...counted,
      untold: unsayable.map(({ group, test: { field } }) => ({
        group,
        field,
        why: isKnownByRun(field) ? ("run" as const) : ("filter" as const),
      })),
    };
  },

  judgeTests: async ({ resources, workspaceId, body: { contactId, tests } }) => {
    const judged = await resources.engine.judgeTests({ workspaceId, who: contactId, tests: tests.map(plainTest) });
    return {
      ...judged,
      verdicts: judged.verdicts.map(({ held, actual }, index) =>
        isKnownByRun(tests[index]?.field ?? "") ? { held: null, found: null } : { held, found: toRecord(actual) },
      ),
    };
  },
} satisfies Pick<Handlers, "countShares" | "judgeTests">;

const plainTest = (test: FieldTest): FieldTest => ({ ...test, field: plainField(test.field) });
const plainGroup = ({ match, tests }: TestGroup): TestGroup => ({
  match,
  tests: tests.map((one) => (isGroup(one) ? plainGroup(one) : plainTest(one))),
});
