import { z } from "zod";
import { DiscardedDraft, DraftRestore, DraftRevision, FlowDraft, FlowDraftPatch, FlowDraftSaved } from "../flow-drafts.ts";
import { FlowPublish, PeopleCounts, PublishPreview } from "../flow-publish.ts";
import { FlowComparison, FlowVersion, FlowVersionSummary } from "../flow-versions.ts";
import { Flow } from "../flows.ts";
import { PageQuery, pageOf, Uuid } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";

const aboutRevisions =
  "Every answer names the `revision` it shows, also as `ETag`. A change names the revision it was made on, in the body or as `If-Match`. " +
  "Where somebody has saved since, it is refused as `draft_changed` and nothing is changed: merge with the draft in `current`, and save on its revision.";

const tag = "Flows";

export const flowDraftRoutes = {
  getFlowDraft: defineRoute({
    method: "GET",
    path: "/api/flows/:id/draft",
    tag,
    summary: "What is edited of a flow; what is live, where there is no draft",
    description: aboutRevisions,
    auth: member("viewer", "flows:read"),
    params: byId,
    response: FlowDraft,
  }),
  saveFlowDraft: defineRoute({
    method: "PATCH",
    path: "/api/flows/:id/draft",
    tag,
    summary: "Change the draft of a flow by nodes and edges; unfinished ones are saved with their problems",
    description: aboutRevisions,
    knowsIfMatch: true,
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowDraftPatch,
    response: FlowDraftSaved,
    bodyLimit: 1536 * 1024,
    audit: "flow.draft",
  }),
  discardFlowDraft: defineRoute({
    method: "DELETE",
    path: "/api/flows/:id/draft",
    tag,
    summary: "Throw the draft away; it can be restored for 30 days",
    description: aboutRevisions,
    knowsIfMatch: true,
    auth: member("editor", "flows:write"),
    params: byId,
    query: z.strictObject({ revision: DraftRevision.optional() }),
    response: FlowDraft,
    audit: "flow.discard",
  }),
  listDiscardedDrafts: defineRoute({
    method: "GET",
    path: "/api/flows/:id/discarded-drafts",
    tag,
    summary: "Drafts of a flow that were thrown away, newest first",
    auth: member("viewer", "flows:read"),
    params: byId,
    response: z.object({ items: z.array(DiscardedDraft) }),
  }),
  restoreFlowDraft: defineRoute({
    method: "POST",
    path: "/api/flows/:id/draft/restore",
    tag,
    summary: "Put a version or a discarded draft into the draft",
    description: aboutRevisions,
    knowsIfMatch: true,
    auth: member("editor", "flows:write"),
    params: byId,
    body: DraftRestore,
    response: FlowDraft,
    audit: "flow.restore",
  }),
  publishFlow: defineRoute({
    method: "POST",
    path: "/api/flows/:id/publish",
    tag,
    summary: "Make the draft live, as a version that never changes",
    description:
      `${aboutRevisions}\n\nA draft with errors is refused as \`flow_invalid\` with all of them. \`moves\` says what becomes of the contacts who are in ` +
      "the flow on earlier versions, by the step at which they stand; they are moved within seconds after the answer. Where people wait at a step that is removed and " +
      "`moves` does not say what becomes of them, the request is refused as `moves_needed` with every such step. The tests of the flow are run first: where one does not " +
      "pass, the request is refused as `tests_failed` with each of them, unless an admin says in `acceptFailedTests` why it is published all the same. Where what is live was changed since the draft began, the request is refused as `live_changed` unless `replaces` names it. " +
      "Where people are inside on so many versions that they cannot be compared with a new one, it is refused as `too_many_versions`. " +
      "An API key also needs `flows:send`, and the scopes of what the steps do.",
    knowsIfMatch: true,
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowPublish,
    response: z.object({ version: z.object({ id: Uuid, number: z.number().int() }), flow: Flow, people: PeopleCounts }),
    audit: "flow.publish",
    waitsOutside: true,
  }),
  previewPublish: defineRoute({
    method: "POST",
    path: "/api/flows/:id/publish/preview",
    tag,
    summary: "What publishing the draft would mean for the people who are in the flow",
    description:
      "Counts the people at each step of earlier versions for whom the way ahead changes, and proposes what becomes of them. It changes nothing; somebody may " +
      "come to a step or leave it before the draft is published.",
    heavy: true,
    knowsIfMatch: true,
    auth: member("editor", "flows:write"),
    params: byId,
    body: z.strictObject({ revision: DraftRevision.optional() }),
    response: PublishPreview,
    changesNothing: true,
  }),
  listFlowVersions: defineRoute({
    method: "GET",
    path: "/api/flows/:id/versions",
    tag,
    summary: "The versions of a flow, newest first",
    // Which of them is live is found by comparing whole contents.
    heavy: true,
    auth: member("viewer", "flows:read"),
    params: byId,
    query: z.strictObject(PageQuery.shape),
    response: pageOf(FlowVersionSummary),
  }),
  getFlowVersion: defineRoute({
    method: "GET",
    path: "/api/flow-versions/:id",
    tag,
    summary: "The graph an execution follows",
    auth: member("viewer", "flows:read"),
    params: byId,
    response: FlowVersion,
  }),
  compareFlowVersions: defineRoute({
    method: "GET",
    path: "/api/flows/:id/compare",
    tag,
    summary: "What differs between two versions, or a version, the draft and what is live",
    auth: member("viewer", "flows:read"),
    params: byId,
    query: z.strictObject({ from: z.union([Uuid, z.enum(["draft", "live"])]), to: z.union([Uuid, z.enum(["draft", "live"])]) }),
    response: FlowComparison,
  }),
};
