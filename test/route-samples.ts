import { randomUUID } from "node:crypto";
import type { RouteId } from "#contract/routes.ts";
import type { Ask } from "./http-client.ts";
import { type OneOfEverything, oneNodeFlow } from "./one-of-everything.ts";

/** The ids that samples may name. Everything of `OneOfEverything` and `member` belongs to one workspace. */
export interface SampleIds extends OneOfEverything {
  /** The user id of a member who may be changed. */
  member: string;
  /** A session of the caller that is not the current one. */
  session: string;
  /** The token of an open invitation. */
  invitationToken: string;
}

export interface Sample extends Ask {
  /** Values for the parameters of the route's path. */
  params?: Record<string, string>;
  query?: Record<string, string>;
}

/**
 * A valid request for every route, made of the given ids. A request reaches only the rows that these ids name, so a
 * test can pass ids of another workspace and see that it gets nothing. A route without a sample does not compile.
 */
export const routeSamples: Record<RouteId, (ids: SampleIds) => Sample> = {
  health: () => ({}),
  ready: () => ({}),
  openapi: () => ({}),
  docs: () => ({}),
  getSession: () => ({}),
  signIn: () => ({ body: { email: "first.owner@example.com", password: "correct horse battery" } }),
  signOut: () => ({}),
  claim: () => ({ body: { token: "x".repeat(43), name: "Late", email: "late@example.com", password: "a long passphrase" } }),
  claimSignedIn: () => ({ body: { token: "x".repeat(43) } }),
  changePassword: () => ({ body: { currentPassword: "correct horse battery", newPassword: "another long passphrase" } }),
  listSessions: () => ({}),
  revokeSession: ({ session }) => ({ params: { id: session } }),

  createWorkspace: () => ({ body: { name: "Another" } }),
  createDemoWorkspace: () => ({}),
  countNumbersToReread: () => ({ query: { country: "NP" } }),
  updateWorkspace: () => ({ body: { name: "Renamed", timeZone: "Asia/Kathmandu", country: "NP" } }),
  listMembers: () => ({}),
  updateMember: ({ member }) => ({ params: { id: member }, body: { role: "viewer" } }),
  removeMember: ({ member }) => ({ params: { id: member } }),
  listInvitations: () => ({}),
  createInvitation: () => ({ body: { email: `guest.${randomUUID()}@example.com`, role: "viewer" } }),
  revokeInvitation: ({ invitation }) => ({ params: { id: invitation } }),
  previewInvitation: ({ invitationToken }) => ({ body: { token: invitationToken } }),
  acceptInvitation: ({ invitationToken }) => ({ body: { token: invitationToken, name: "Guest", password: "a long passphrase" } }),
  listApiKeys: () => ({}),
  createApiKey: () => ({ body: { name: "Key", scopes: ["contacts:read"] } }),
  revokeApiKey: ({ apiKey }) => ({ params: { id: apiKey } }),

  listContacts: () => ({ query: { limit: "5", filter: JSON.stringify({ search: "canary" }) } }),
  countContacts: () => ({}),
  contactFacets: () => ({}),
  exportContacts: () => ({}),
  importContacts: () => ({
    body: {
      importId: randomUUID(),
      columns: [
        { header: "First", target: "firstname" },
        { header: "Mail", target: "email" },
      ],
    },
    file: "First,Mail\nAna,ana@example.com\n",
  }),
  listTwins: () => ({ query: { email: "canary@example.com" } }),
  getContactImport: (ids) => ({ params: { id: ids.import } }),
  listContactImports: () => ({}),
  listImportLines: (ids) => ({ params: { id: ids.import } }),
  undoContactImport: (ids) => ({ params: { id: ids.import } }),
  bulkContacts: ({ contact }) => ({
    body: { selection: { type: "ids", ids: [contact] }, action: { type: "change_status", leadStatus: "Qualified" } },
  }),
  createContact: () => ({ body: { firstname: "Ana", lastname: "Lopes" } }),
  getContact: ({ contact }) => ({ params: { id: contact } }),
  listConsents: ({ contact }) => ({ params: { id: contact } }),
  updateContact: ({ contact }) => ({ params: { id: contact }, body: { firstname: "Changed" } }),
  deleteContact: ({ contact }) => ({ params: { id: contact } }),

  listFlows: () => ({}),
  getFlow: ({ flow }) => ({ params: { id: flow } }),
  getFlowVersion: ({ version }) => ({ params: { id: version } }),
  createFlow: ({ folder }) => ({ body: { name: "New flow", folderId: folder, ...oneNodeFlow } }),
  updateFlow: ({ flow, folder }) => ({ params: { id: flow }, body: { name: "Renamed flow", folderId: folder, ...oneNodeFlow } }),

  createSend: ({ flow, contact }) => ({ body: { flowId: flow, selection: { type: "ids", ids: [contact] } } }),
  listSends: ({ flow }) => ({ query: { flowId: flow } }),
  getSend: ({ send }) => ({ params: { id: send } }),
  sendEvents: ({ endedSend }) => ({ params: { id: endedSend } }),
  updateSend: ({ send }) => ({ params: { id: send }, body: { drip: { count: 10, everySeconds: 60 } } }),
  pauseSend: ({ send }) => ({ params: { id: send } }),
  resumeSend: ({ send }) => ({ params: { id: send } }),
  stopSend: ({ send }) => ({ params: { id: send } }),
  undoSend: ({ send }) => ({ params: { id: send } }),
  previewSendRetry: ({ send }) => ({ params: { id: send }, query: { reasons: "provider_rejected,timeout" } }),
  retrySend: ({ send }) => ({ params: { id: send }, body: { reasons: ["provider_rejected"] } }),
  cancelExecution: ({ execution }) => ({ params: { id: execution } }),
  previewExecutionRetry: ({ failedExecution }) => ({ params: { id: failedExecution } }),
  retryExecution: ({ failedExecution }) => ({ params: { id: failedExecution } }),
  listSendSkips: ({ send }) => ({ params: { id: send } }),
  listExecutions: ({ flow, contact, send }) => ({ query: { flowId: flow, contactId: contact, sendId: send } }),
  getExecution: ({ execution }) => ({ params: { id: execution } }),
  listSteps: ({ execution }) => ({ params: { id: execution } }),
  listMessages: ({ contact, execution }) => ({ query: { contactId: contact, executionId: execution } }),
  getMessage: ({ message }) => ({ params: { id: message } }),

  getInstance: () => ({}),
  releaseSending: () => ({}),
  listSuppressions: ({ contact }) => ({ query: { contactId: contact } }),
  liftSuppression: ({ suppression }) => ({ params: { id: suppression }, body: { reason: "The address works again" } }),
  getQueue: () => ({}),
  tryChannel: () => ({ params: { channel: "email" } }),
  updateQueueLimits: () => ({ body: { lanes: 3, channels: [{ channel: "sms", perMinute: 60 }] } }),

  listProviders: () => ({}),
  setProvider: () => ({ params: { channel: "sms" }, body: { provider: "capture" } }),
  testProvider: () => ({ params: { channel: "sms" }, body: { to: "+14155550123" } }),

  listSecrets: () => ({}),
  setSecret: () => ({ params: { name: "other_key" }, body: { value: "value" } }),
  deleteSecret: ({ secret }) => ({ params: { name: secret } }),

  executeForContact: ({ flow, contact, workspaceId }) => ({ body: { workflowId: flow, contactId: contact, workspaceId } }),
  executeWorkflow: ({ flow, contact, workspaceId }) => ({
    body: { workflowId: flow, contactId: contact, workspaceId, workflowDefinition: oneNodeFlow, bypassDatabaseLookup: true, isTest: true },
  }),
  executeFlow: ({ flow, contact }) => ({ params: { workflowId: flow }, body: { contactId: contact, triggerData: { plan: "pro" } } }),
};
