import { findDraft } from "#db/queries/flow-drafts.ts";
import { listFlowTests, saveTestResults } from "#db/queries/flow-tests.ts";
import type { Simulate } from "#engine/simulation/simulate.ts";
import { createFlowTest, removeFlowTest, updateFlowTest } from "../commands/flow-tests.ts";
import { runFlowTests } from "../commands/run-flow-tests.ts";
import { forbidden, notFound } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";
import { holdsScope, personBehind } from "../http/principal.ts";
import { countryOf } from "./contacts.ts";

export const flowTestRoutes = {
  listFlowTests: async ({ db, workspaceId, principal, params }) => {
    requireContacts(principal);
    const draft = await findDraft(db, { workspaceId, flowId: params.id });
    if (!draft) throw notFound("flow_not_found");
    return { items: await listFlowTests(db, { workspaceId, flowId: params.id }), revision: draft.revision };
  },

  createFlowTest: async ({ db, workspaceId, principal, params, body, note }) => {
    requireContacts(principal);
    const { contact } = body.script;
    note({ details: { test: body.name }, ...("id" in contact && { contactId: contact.id }) });
    return createFlowTest(db, { workspaceId, flowId: params.id, principal, input: body });
  },

  updateFlowTest: async ({ db, workspaceId, principal, params, body, note }) => {
    requireContacts(principal);
    const test = await updateFlowTest(db, { workspaceId, id: params.id, patch: body });
    note({ subjectId: test.flowId, details: { test: test.name } });
    return test;
  },

  deleteFlowTest: async ({ db, workspaceId, params, note }) => {
    const { flowId, name } = await removeFlowTest(db, { workspaceId, id: params.id });
    note({ subjectId: flowId, details: { test: name } });
    return { success: true };
  },

  runFlowTests: async ({ inTransaction, resources, workspaceId, principal, params, body, note }) => {
    requireContacts(principal);
    const country = await inTransaction((db) => countryOf(db, workspaceId, principal));
    const simulate: Simulate = (input) => resources.simulate({ ...input, person: personBehind(principal) });
    const run = { workspaceId, flowId: params.id, simulate, country };
    const answer = await runFlowTests({ inTransaction, ...run, of: body.of, tests: body.tests });
    await inTransaction((db) => saveTestResults(db, { workspaceId, results: answer.results }));
    note({ details: { tests: answer.results.length, passed: answer.results.filter(({ result }) => result.status === "passed").length } });
    return answer;
  },
} satisfies Pick<Handlers, "listFlowTests" | "createFlowTest" | "updateFlowTest" | "deleteFlowTest" | "runFlowTests">;

/** A test tells about the contact that it walks. */
function requireContacts(principal: Principal): void {
  if (principal.kind === "key" && !holdsScope(principal.scopes, "contacts:read")) {
    throw forbidden("This API key lacks the scope contacts:read.");
  }
}
