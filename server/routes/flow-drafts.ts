import type { Request } from "express";
import type { Tx } from "#db/client.ts";
import { findDraft, listDiscardedDrafts } from "#db/queries/flow-drafts.ts";
import { toGraph, toSettings } from "#db/queries/flow-rows.ts";
import { findFlowVersion, findVersionContent, listFlowVersions } from "#db/queries/flow-versions.ts";
import { findFlow } from "#db/queries/flows.ts";
import { diffFlows, type FlowContent } from "#nodes/diff-flows.ts";
import { askerOf } from "../commands/asker-of.ts";
import { checkGraphAuthority } from "../commands/check-graph-authority.ts";
import { toFlow } from "../commands/flow-answers.ts";
import { draftChanged, readDraft, restoreDraft, saveDraft, throwDraftAway } from "../commands/flow-draft.ts";
import { findProblems } from "../commands/server-problems.ts";
import { keepTestsOfVersion, testsAtPublish } from "../commands/tests-at-publish.ts";
import { invalid, notFound, refused } from "../http/errors.ts";
import { toRequestProblems } from "../http/flow-problems.ts";
import type { Handlers } from "../http/handler.ts";
import { personBehind } from "../http/principal.ts";
import { countryOf } from "./contacts.ts";

/** The revision that an If-Match names, in its quotes. */
const ifMatch = (req: Request): string | undefined => /^(?:W\/)?"([^"]+)"$/.exec(req.get("if-match")?.trim() ?? "")?.[1];

export const flowDraftRoutes = {
  getFlowDraft: async ({ db, workspaceId, principal, params, res }) =>
    tagged(res, await readDraft(db, { workspaceId, flowId: params.id, principal })),

  saveFlowDraft: async ({ db, workspaceId, principal, params, body, req, res, note }) => {
    const revision = body.baseRevision ?? ifMatch(req);
    const { saved, isFirstOfPerson } = await saveDraft(db, { workspaceId, flowId: params.id, principal, revision, patch: body });
    // An editor saves every few seconds. The log tells once that somebody works on the draft.
    note({ isWritten: !isFirstOfPerson });
    return tagged(res, saved);
  },

  discardFlowDraft: async ({ db, workspaceId, principal, params, query, req, res }) =>
    tagged(res, await throwDraftAway(db, { workspaceId, flowId: params.id, principal, revision: query.revision ?? ifMatch(req) })),

  listDiscardedDrafts: async ({ db, workspaceId, params }) => {
    if (!(await findFlow(db, { workspaceId, id: params.id }))) throw notFound("flow_not_found");
    return { items: await listDiscardedDrafts(db, { workspaceId, flowId: params.id }) };
  },

  restoreFlowDraft: async ({ db, workspaceId, principal, params, body, req, res, note }) => {
    note({ details: { from: body.from } });
    const revision = body.baseRevision ?? ifMatch(req);
    return tagged(res, await restoreDraft(db, { workspaceId, flowId: params.id, principal, revision, from: body.from }));
  },

  publishFlow: async ({ inTransaction, resources, workspaceId, principal, role, params, body, req, note }) => {
    const of = { workspaceId, flowId: params.id };
    const revision = body.revision ?? ifMatch(req);
    if (revision === undefined) throw invalid([{ path: "revision", message: "Name the revision that you have seen, here or as If-Match" }]);
    // What is judged and tested here is what the engine publishes: it refuses another revision.
    const country = await inTransaction(async (db) => {
      const draft = await findDraft(db, of);
      if (!draft) throw notFound("flow_not_found");
      if (draft.isDraft && draft.revision !== revision) throw draftChanged(draft);
      const { nodes } = toGraph(draft);
      checkGraphAuthority({ principal, role }, nodes, ["flows:send"]);
      const problems = await findProblems(db, { workspaceId, ...draft, flowId: params.id }, principal);
      const errors = problems.filter(({ severity }) => severity === "error");
      if (errors.length > 0) {
        const count = errors.length === 1 ? "one problem" : `${errors.length} problems`;
        throw refused("flow_invalid", `The flow has ${count} and was not published.`, toRequestProblems(errors));
      }
      return countryOf(db, workspaceId, principal);
    });
    const tests = await testsAtPublish(inTransaction, {
      ...of,
      simulate: (input) => resources.simulate({ ...input, person: personBehind(principal) }),
      country,
      authority: { principal, role },
      reason: body.acceptFailedTests,
    });
    const actor = { id: principal.userId, name: principal.name };
    const asker = await askerOf(resources.ownerDb, { principal, workspaceId, role });
    const { replaces, moves } = body;
    const published = { ...of, revision, replaces, note: body.note || null, moves, tests: tests.told, actor, asker };
    const { people, ...version } = await resources.engine.publishFlow(published);
    const accepted = tests.told?.reason ? { failedTests: tests.told.failed, reason: tests.told.reason } : {};
    note({ details: { version: version.number, ...people, ...accepted } });
    return inTransaction(async (db) => {
      await keepTestsOfVersion(db, of, tests, version.number);
      const flow = await findFlow(db, { workspaceId, id: params.id });
      if (!flow) throw notFound("flow_not_found");
      return { version: { id: version.id, number: version.number }, flow: await toFlow(db, workspaceId, flow), people };
    });
  },

  previewPublish: async ({ db, resources, workspaceId, principal, params, body, req }) => {
    const draft = await findDraft(db, { workspaceId, flowId: params.id });
    const live = await findFlow(db, { workspaceId, id: params.id });
    if (!draft || !live) throw notFound("flow_not_found");
    const revision = body.revision ?? ifMatch(req);
    if (revision === undefined) throw invalid([{ path: "revision", message: "Name the revision that you have seen, here or as If-Match" }]);
    if (draft.isDraft && draft.revision !== revision) throw draftChanged(draft);
    const content = (row: typeof draft | typeof live) => ({ name: row.name, ...toGraph(row), settings: toSettings(row.settings) });
    const inside = await resources.engine.previewPublish({ workspaceId, flowId: params.id, revision });
    const { problems } = await readDraft(db, { workspaceId, flowId: params.id, principal });
    return { problems, changes: diffFlows(content(live), content(draft)), ...inside };
  },

  listFlowVersions: async ({ db, resources, workspaceId, params, query }) => {
    if (!(await findFlow(db, { workspaceId, id: params.id }))) throw notFound("flow_not_found");
    const inside = await resources.engine.countInside({ workspaceId, flowId: params.id });
    return listFlowVersions(db, { workspaceId, flowId: params.id, ...query }, inside);
  },

  getFlowVersion: async ({ db, workspaceId, params }) => {
    const version = await findFlowVersion(db, { workspaceId, id: params.id });
    if (!version) throw notFound();
    return version;
  },

  compareFlowVersions: async ({ db, workspaceId, params, query }) => {
    const content = (which: string) => readContent(db, { workspaceId, flowId: params.id }, which);
    return { changes: diffFlows(await content(query.from), await content(query.to)) };
  },
} satisfies Pick<
  Handlers,
  | "getFlowDraft"
  | "saveFlowDraft"
  | "discardFlowDraft"
  | "listDiscardedDrafts"
  | "restoreFlowDraft"
  | "publishFlow"
  | "previewPublish"
  | "listFlowVersions"
  | "getFlowVersion"
  | "compareFlowVersions"
>;

/** Names the revision of an answer also as its ETag, as If-Match wants it back. */
function tagged<Answer extends { revision: string }>(res: { set(name: string, value: string): unknown }, answer: Answer): Answer {
  res.set("ETag", `"${answer.revision}"`);
  return answer;
}

async function readContent(db: Tx, of: { workspaceId: string; flowId: string }, which: string): Promise<FlowContent> {
  const found =
    which === "live"
      ? await findFlow(db, { workspaceId: of.workspaceId, id: of.flowId })
      : which === "draft"
        ? await findDraft(db, of)
        : await findVersionContent(db, { ...of, id: which });
  if (!found) throw notFound(which === "live" || which === "draft" ? "flow_not_found" : "not_found");
  return { name: found.name, ...toGraph(found), settings: toSettings(found.settings) };
}
