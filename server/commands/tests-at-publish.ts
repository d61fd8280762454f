import type { FlowTestRunAnswer, PublishedTests } from "#contract/flow-tests.ts";
import { roleCovers } from "#contract/people.ts";
import type { Tx } from "#db/client.ts";
import { findDraft } from "#db/queries/flow-drafts.ts";
import { saveTestResults } from "#db/queries/flow-tests.ts";
import type { Simulate } from "#engine/simulation/simulate.ts";
import { forbidden, refused } from "../http/errors.ts";
import { holdsScope } from "../http/principal.ts";
import type { Authority } from "./check-graph-authority.ts";
import { runFlowTests } from "./run-flow-tests.ts";

interface OfFlow {
  workspaceId: string;
  flowId: string;
}

interface Asked extends OfFlow {
  simulate: Simulate;
  country: string;
  authority: Authority;
  /** Why the flow is to be published although tests do not pass. */
  reason: string | undefined;
}

export interface TestsAtPublish {
  results: FlowTestRunAnswer["results"];
  /** What stays with the version; null for a flow without tests. */
  told: PublishedTests | null;
}

type InTransaction = <T>(fn: (db: Tx) => Promise<T>) => Promise<T>;

/**
 * Runs the tests of a flow on the draft that is about to be published. They may take a minute and hold no transaction.
 * @throws ApiError tests_failed with every test that does not pass, unless an admin says why it is published all the same
 */
export async function testsAtPublish(inTransaction: InTransaction, { authority, reason, ...run }: Asked): Promise<TestsAtPublish> {
  const { results } = await runFlowTests({ ...run, inTransaction, of: "draft" });
  const failed = results.filter(({ result }) => result.status !== "passed");
  if (failed.length > 0 && reason === undefined) {
    const many = failed.length === 1 ? "One test of the flow does" : `${failed.length} tests of the flow do`;
    throw refused(
      "tests_failed",
      `${many} not pass, so the flow was not published. Mend the flow or the test; an admin may publish it all the same and say why.`,
      failed.map(({ testId, name, result }) => ({
        path: `tests.${testId}`,
        message: `“${name}”: ${result.failures.map(({ expected, actual }) => `${expected} ${actual}`).join(" ")}`,
      })),
    );
  }
  if (failed.length > 0 && !isAdmin(authority)) throw forbidden("Only an admin may publish a flow whose tests do not pass.");
  const told = {
    passed: results.length - failed.length,
    failed: failed.map(({ name }) => name),
    reason: failed.length === 0 ? null : (reason ?? null),
  };
  return { results, told: results.length === 0 ? null : told };
}

const isAdmin = ({ principal, role }: Authority): boolean =>
  principal.kind === "key" ? holdsScope(principal.scopes, "admin") : roleCovers(role, "admin");

/** Keeps what was found with the tests, as found of the version that is live now. */
export async function keepTestsOfVersion(db: Tx, of: OfFlow, { results }: TestsAtPublish, version: number): Promise<void> {
  const live = results.length === 0 ? undefined : await findDraft(db, of);
  if (!live) return;
  const ofVersion = results.map(({ testId, result }) => ({
    testId,
    result: { ...result, of: "live" as const, revision: live.live, version },
  }));
  await saveTestResults(db, { workspaceId: of.workspaceId, results: ofVersion });
}
