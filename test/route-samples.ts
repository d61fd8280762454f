import { randomUUID } from "node:crypto";
import type { RouteId } from "#contract/routes.ts";
import type { OneOfEverything } from "./everything-ids.ts";
import type { Ask } from "./http-client.ts";
import { oneWait } from "./one-execution.ts";
import { oneNodeFlow, oneTest } from "./one-flow.ts";

/** The ids that samples may name. Everything of `OneOfEverything` and `member` belongs to one workspace. */
export interface SampleIds extends OneOfEverything {
  /** The user id of a member who may be changed. */
  member: string;
  /** The address of a person who belongs to a workspace and is no instance admin. */
  memberEmail: string;
  /** The user id of an instance admin who may be removed. */
  instanceAdmin: string;
  /** A session of the caller that is not the current one. */
  session: string;
  /** The token of a link to a new password, of a viewer. */
  resetToken: string;
  /** The token of an open invitation. */
  invitationToken: string;
}

export interface Sample extends Ask {
  /** Values for the parameters of the route's path. */
  params?: Record<string, string>;
  query?: Record<string, string>;
}

const writtenEmail = { id: "mail", type: "send_email", data: { config: { subject: "Hi", text: "Hi {{ firstname }}" } } };
const writtenMessage = { id: "sms", type: "send_sms", data: { config: { text: "Hi {{ firstname }}" } } };

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
  usePasswordReset: ({ resetToken }) => ({ body: { token: resetToken, password: "a long passphrase" } }),
  findWhereabouts: ({ send }) => ({ query: { kind: "send", id: send } }),
  listSessions: () => ({}),
  revokeSession: ({ session }) => ({ params: { id: session } }),

  createWorkspace: () => ({ body: { name: "Another" } }),
  createDemoWorkspace: () => ({}),
  countNumbersToReread: () => ({ query: { country: "NP" } }),
  updateWorkspace: () => ({ body: { name: "Renamed", timeZone: "Asia/Kathmandu", country: "NP", smsCountries: ["US", "NP"] } }),
  getSendingRules: () => ({}),
  saveSendingRules: () => ({ body: { smsConsent: "needed" } }),
  getLinkTracking: () => ({}),
  saveLinkTracking: () => ({ body: { clicks: true } }),
  getFirstSteps: () => ({}),
  updateFirstSteps: () => ({ body: { hidden: true, confirm: ["country"] } }),
  listMembers: () => ({}),
  listEndingGrants: ({ member }) => ({ params: { id: member } }),
  updateMember: ({ member }) => ({ params: { id: member }, body: { role: "viewer" } }),
  resetMemberPassword: ({ member }) => ({ params: { id: member }, body: {} }),
  removeMember: ({ member }) => ({ params: { id: member } }),
  listInvitations: () => ({}),
  createInvitation: () => ({ body: { email: `guest.${randomUUID()}@example.com`, role: "viewer" } }),
  revokeInvitation: ({ invitation }) => ({ params: { id: invitation } }),
  previewInvitation: ({ invitationToken }) => ({ body: { token: invitationToken } }),
  acceptInvitation: ({ invitationToken }) => ({ body: { token: invitationToken, name: "Guest", password: "a long passphrase" } }),
  listAuditLog: () => ({ query: { limit: "5" } }),
  listApiKeys: () => ({}),
  createApiKey: () => ({ body: { name: "Key", scopes: ["contacts:read"] } }),
  revokeApiKey: ({ apiKey }) => ({ params: { id: apiKey } }),

  listContacts: () => ({ query: { limit: "5", filter: JSON.stringify({ search: "canary" }) } }),
  countContacts: () => ({}),
  contactFacets: () => ({}),
  exportContacts: () => ({}),
  exportSelection: ({ contact }) => ({ body: { selection: { type: "ids", ids: [contact] } } }),
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
  createBulkJob: ({ contact }) => ({
    body: { jobId: randomUUID(), selection: { type: "ids", ids: [contact] }, action: { type: "change_status", leadStatus: "Qualified" } },
  }),
  listBulkJobs: () => ({}),
  getBulkJob: ({ bulkJob }) => ({ params: { id: bulkJob } }),
  listBulkJobItems: ({ bulkJob }) => ({ params: { id: bulkJob } }),
  bulkJobEvents: ({ bulkJob }) => ({ params: { id: bulkJob } }),
  confirmBulkJob: ({ askingJob }) => ({ params: { id: askingJob }, body: { total: 1 } }),
  cancelBulkJob: ({ askingJob }) => ({ params: { id: askingJob } }),
  undoBulkJob: ({ bulkJob }) => ({ params: { id: bulkJob } }),
  bulkContacts: ({ contact }) => ({
    body: { selection: { type: "ids", ids: [contact] }, action: { type: "change_status", leadStatus: "Qualified" } },
  }),
  createContact: () => ({ body: { firstname: "Ana", lastname: "Lopes" } }),
  getContact: ({ contact }) => ({ params: { id: contact } }),
  contactReach: ({ contact }) => ({ params: { id: contact } }),
  listConsents: ({ contact }) => ({ params: { id: contact } }),
  addConsent: ({ contact }) => ({
    params: { id: contact },
    body: { channel: "email", source: "form", where: "Sign-up form", givenAt: "2026-05-03" },
  }),
  updateContact: ({ contact }) => ({ params: { id: contact }, body: { firstname: "Changed" } }),
  exportContact: ({ contact }) => ({ params: { id: contact } }),
  deleteContact: ({ contact }) => ({ params: { id: contact } }),
  listLeadStatuses: () => ({}),
  listLeadStatusUses: () => ({}),
  createLeadStatus: () => ({ body: { name: `Status ${randomUUID()}` } }),
  orderLeadStatuses: ({ leadStatus }) => ({ body: { ids: [leadStatus] } }),
  updateLeadStatus: ({ leadStatus }) => ({ params: { id: leadStatus }, body: { color: "red" } }),
  getLeadStatusUsage: ({ leadStatus }) => ({ params: { id: leadStatus } }),
  mapLeadStatus: () => ({ body: { value: "Not in the list", replacement: "none" } }),
  deleteLeadStatus: ({ leadStatus }) => ({ params: { id: leadStatus } }),
  listBin: () => ({ query: { search: "canary" } }),
  getFromBin: ({ binned }) => ({ params: { id: binned } }),
  restoreFromBin: ({ binned }) => ({ body: { ids: [binned] } }),
  eraseFromBin: ({ binned }) => ({ body: { ids: [binned] } }),

  listFields: ({ flow }) => ({ query: { flowId: flow } }),

  listFlows: () => ({}),
  getFlow: ({ flow }) => ({ params: { id: flow } }),
  getFlowVersion: ({ version }) => ({ params: { id: version } }),
  createFlow: ({ folder }) => ({ body: { name: "New flow", folderId: folder, ...oneNodeFlow } }),
  updateFlow: ({ flow, folder }) => ({ params: { id: flow }, body: { name: "Renamed flow", folderId: folder, ...oneNodeFlow } }),
  getFlowDraft: ({ draftFlow }) => ({ params: { id: draftFlow } }),
  saveFlowDraft: ({ draftFlow, draftRevision }) => ({
    params: { id: draftFlow },
    body: { baseRevision: draftRevision, nodes: { put: [{ id: "end", type: "end", data: {} }], drop: [] } },
  }),
  discardFlowDraft: ({ draftFlow, draftRevision }) => ({ params: { id: draftFlow }, query: { revision: draftRevision } }),
  listDiscardedDrafts: ({ draftFlow }) => ({ params: { id: draftFlow } }),
  restoreFlowDraft: ({ draftFlow, draftRevision, discardedDraft }) => ({
    params: { id: draftFlow },
    body: { baseRevision: draftRevision, from: { type: "discarded", id: discardedDraft } },
  }),
  publishFlow: ({ draftFlow, draftRevision }) => ({ params: { id: draftFlow }, body: { revision: draftRevision } }),
  previewPublish: ({ draftFlow, draftRevision }) => ({ params: { id: draftFlow }, body: { revision: draftRevision } }),
  listFlowVersions: ({ flow }) => ({ params: { id: flow } }),
  countFlowSteps: ({ flow }) => ({ params: { id: flow } }),
  compareFlowVersions: ({ flow, version }) => ({ params: { id: flow }, query: { from: version, to: "live" } }),

  exportFlow: ({ flow }) => ({ params: { id: flow } }),
  importFlow: ({ folder }) => ({ body: { file: { name: "Imported", ...oneNodeFlow }, folderId: folder } }),
  previewArchive: ({ flow }) => ({ params: { id: flow } }),
  archiveFlow: ({ flow }) => ({ params: { id: flow }, body: { people: "end" } }),
  unarchiveFlow: ({ flow }) => ({ params: { id: flow } }),
  deleteFlow: ({ draftFlow }) => ({ params: { id: draftFlow } }),
  listFlowBin: () => ({}),
  createFlowFolder: () => ({ body: { name: `Folder ${randomUUID()}` } }),
  updateFlowFolder: ({ folder }) => ({ params: { id: folder }, body: { name: `Folder ${randomUUID()}` } }),
  flowPeople: ({ flow }) => ({ params: { id: flow }, query: { tab: randomUUID() } }),
  setFlowFavourite: ({ flow }) => ({ params: { id: flow }, body: { favourite: true } }),
  moveFlow: ({ flow, folder }) => ({ params: { id: flow }, body: { folderId: folder } }),
  deleteFlowFolder: ({ folder }) => ({ params: { id: folder } }),
  restoreFlow: ({ binnedFlow }) => ({ params: { id: binnedFlow } }),
  getImportReport: ({ draftFlow }) => ({ params: { id: draftFlow } }),

  listFlowTests: ({ flow }) => ({ params: { id: flow } }),
  createFlowTest: ({ flow, contact }) => ({ params: { id: flow }, body: { name: "Canary", ...oneTest({ id: contact }) } }),
  updateFlowTest: ({ flowTest }) => ({ params: { id: flowTest }, body: { name: "Renamed" } }),
  deleteFlowTest: ({ flowTest }) => ({ params: { id: flowTest } }),
  runFlowTests: ({ flow, flowTest }) => ({ params: { id: flow }, body: { of: "live", tests: [flowTest] } }),
  simulateFlow: ({ flow, contact }) => ({ params: { id: flow }, body: { of: "live", contact: { id: contact } } }),
  previewMessage: ({ flow, contact }) => ({ params: { id: flow }, body: { nodeId: "sms", selection: { type: "ids", ids: [contact] } } }),
  renameFlow: ({ flow }) => ({ params: { id: flow }, body: { name: `Renamed ${randomUUID()}` } }),
  duplicateFlow: ({ flow }) => ({ params: { id: flow }, body: {} }),
  listNodeTypes: () => ({}),
  listFlowTemplates: () => ({}),
  createFlowFromTemplate: () => ({ body: { templateId: "welcome" } }),

  previewSend: ({ flow, contact }) => ({ body: { flowId: flow, selection: { type: "ids", ids: [contact] } } }),
  forecastSend: ({ flow, contact }) => ({ body: { flowId: flow, selection: { type: "ids", ids: [contact] } } }),
  getForecast: ({ forecast }) => ({ params: { id: forecast } }),
  forecastEvents: ({ forecast }) => ({ params: { id: forecast } }),
  listForecastContacts: ({ forecast }) => ({ params: { id: forecast }, query: { who: "not_starting", reason: "dnc" } }),
  cancelForecast: ({ forecast }) => ({ params: { id: forecast } }),
  sendFlowToMe: ({ flow, contact }) => ({ body: { flowId: flow, contactId: contact, nodeId: "email", visit: 2 } }),
  forecastContact: ({ flow, contact }) => ({ body: { flowId: flow, contactId: contact } }),
  createSend: ({ flow, contact }) => ({ body: { flowId: flow, selection: { type: "ids", ids: [contact] } } }),
  listSends: ({ flow }) => ({ query: { flowId: flow } }),
  getSend: ({ send }) => ({ params: { id: send } }),
  getSendChart: ({ send }) => ({ params: { id: send } }),
  getSendClicks: ({ send }) => ({ params: { id: send } }),
  sendEvents: ({ endedSend }) => ({ params: { id: endedSend } }),
  sendEvidence: ({ send }) => ({ params: { id: send } }),
  listSavedLaunches: () => ({}),
  createSavedLaunch: ({ flow }) => ({ body: { name: "Again", flowId: flow, terms: { filter: { tests: [] } } } }),
  updateSavedLaunch: ({ savedLaunch }) => ({ params: { id: savedLaunch }, body: { name: "Renamed" } }),
  deleteSavedLaunch: ({ savedLaunch }) => ({ params: { id: savedLaunch } }),
  getApprovalRules: () => ({}),
  saveApprovalRules: () => ({ body: { editors: true } }),
  getSendApproval: ({ askingSend }) => ({ params: { id: askingSend } }),
  getApprovalSample: ({ askingSend }) => ({ params: { id: askingSend } }),
  getApprovalContent: ({ askingSend }) => ({ params: { id: askingSend } }),
  approveSend: ({ askingSend }) => ({ params: { id: askingSend }, body: { hash: "canary" } }),
  refuseSend: ({ askingSend }) => ({ params: { id: askingSend }, body: { comment: "Not now" } }),
  getSendTerms: ({ send }) => ({ params: { id: send } }),
  nameContacts: ({ contact }) => ({ body: { ids: [contact] } }),
  getSendForecast: ({ send }) => ({ params: { id: send } }),
  listDifferingContacts: ({ send }) => ({ params: { id: send } }),
  updateSend: ({ send }) => ({ params: { id: send }, body: { drip: { count: 10, everySeconds: 60 } } }),
  pauseSend: ({ send }) => ({ params: { id: send } }),
  resumeSend: ({ send }) => ({ params: { id: send } }),
  openCanary: ({ canarySend }) => ({ params: { id: canarySend } }),
  stopSend: ({ send }) => ({ params: { id: send } }),
  undoSend: ({ send }) => ({ params: { id: send } }),
  previewSendRetry: ({ send }) => ({ params: { id: send }, query: { reasons: "provider_rejected,timeout" } }),
  previewSendHealing: ({ endedSend }) => ({ params: { id: endedSend } }),
  healSend: ({ endedSend }) => ({ params: { id: endedSend }, body: { seen: 1 } }),
  retrySend: ({ send }) => ({ params: { id: send }, body: { reasons: ["provider_rejected"] } }),
  cancelExecution: ({ execution }) => ({ params: { id: execution } }),
  listTimeline: ({ contact }) => ({ params: { id: contact } }),
  findCollisions: ({ contact }) => ({ body: { selection: { type: "ids", ids: [contact] } } }),
  planContact: ({ contact }) => ({ params: { id: contact } }),
  rescheduleWait: ({ waitingExecution }) => ({ params: { id: waitingExecution }, body: { ...oneWait, at: "2091-01-01T00:00:00Z" } }),
  skipWait: ({ waitingExecution }) => ({ params: { id: waitingExecution }, body: oneWait }),
  takeOut: ({ waitingExecution }) => ({ params: { id: waitingExecution }, body: oneWait }),
  previewExecutionRetry: ({ failedExecution }) => ({ params: { id: failedExecution } }),
  retryExecution: ({ failedExecution }) => ({ params: { id: failedExecution } }),
  listSendSkips: ({ send }) => ({ params: { id: send } }),
  listExecutions: ({ flow, contact, send }) => ({ query: { flowId: flow, contactId: contact, sendId: send } }),
  listStepLog: ({ flow, contact, send }) => ({ query: { flowId: flow, contactId: contact, sendId: send } }),
  listSendProof: ({ send }) => ({ params: { id: send } }),
  exportSendProof: ({ send }) => ({ params: { id: send } }),
  listContactProof: ({ contact }) => ({ params: { id: contact } }),
  exportContactProof: ({ contact }) => ({ params: { id: contact } }),
  exportStepLog: ({ flow }) => ({ query: { flowId: flow } }),
  exportExecutions: ({ flow }) => ({ query: { flowId: flow } }),
  getExecution: ({ execution }) => ({ params: { id: execution } }),
  listSteps: ({ execution }) => ({ params: { id: execution } }),
  getMyPhone: () => ({}),
  saveMyPhone: () => ({ body: { phone: "+14155550123" } }),
  proveMyPhone: () => ({ body: { code: "123456" } }),
  removeMyPhone: () => ({}),
  sendToMe: ({ flow, contact }) => ({ body: { flowId: flow, node: writtenEmail, contactId: contact } }),
  previewDraftMessage: ({ flow, contact }) => ({ body: { flowId: flow, node: writtenMessage, contactId: contact } }),
  findStepMoments: ({ flow, contact }) => ({
    body: {
      flowId: flow,
      contactId: contact,
      node: { id: "wait", type: "delay", data: { config: { mode: "until_time", time: "09:00" } } },
    },
  }),
  findStepResult: ({ flow, contact }) => ({
    body: { flowId: flow, contactId: contact, node: { id: "no", type: "consent", data: { config: { sms: "opt_out" } } } },
  }),
  // The test app may not call this machine, so nothing is called.
  tryWebhook: ({ flow, contact }) => ({
    body: { flowId: flow, contactId: contact, node: { id: "hook", type: "webhook", data: { config: { url: "http://127.0.0.1/" } } } },
  }),
  listWebhookSamples: ({ flow }) => ({ params: { id: flow } }),
  surveyMessage: ({ flow }) => ({ body: { flowId: flow, node: writtenMessage } }),
  countShares: () => ({ body: { groups: [{ tests: [{ field: "email", operator: "is_not_empty" }] }] } }),
  judgeTests: ({ contact }) => ({ body: { contactId: contact, tests: [{ field: "email", operator: "is_not_empty" }] } }),
  listMessages: ({ contact, execution }) => ({ query: { contactId: contact, executionId: execution } }),
  getMessage: ({ message }) => ({ params: { id: message } }),

  listNotices: () => ({}),
  countUnreadNotices: () => ({}),
  readNotices: ({ notice }) => ({ body: { upto: "2999-01-01T00:00:00Z", ids: [notice] } }),
  getNoticeSettings: () => ({}),
  saveNoticeSettings: () => ({ body: { byEmail: true } }),

  getInstance: () => ({}),
  releaseSending: () => ({}),
  getInstanceSettings: () => ({}),
  updateInstanceSettings: () => ({ body: { membersMayCreateWorkspaces: true } }),
  addInstanceAdmin: ({ memberEmail }) => ({ body: { email: memberEmail } }),
  removeInstanceAdmin: ({ instanceAdmin }) => ({ params: { id: instanceAdmin } }),
  listConversations: () => ({ query: { status: "all" } }),
  countUnreadConversations: () => ({}),
  searchConversations: () => ({ query: { search: "canary" } }),
  inboxEvents: ({ contact }) => ({ query: { contact } }),
  getConversation: ({ contact }) => ({ params: { id: contact } }),
  updateConversation: ({ contact }) => ({ params: { id: contact }, body: { status: "closed", read: true } }),
  sendByHand: ({ contact }) => ({ params: { id: contact }, body: { id: randomUUID(), channel: "sms", text: "Hello" } }),
  answerAsContact: ({ contact }) => ({ params: { id: contact }, body: { channel: "email", text: "Yes" } }),
  listSuppressions: ({ contact }) => ({ query: { contactId: contact } }),
  liftSuppression: ({ suppression }) => ({ params: { id: suppression }, body: { reason: "The address works again" } }),
  getQueue: () => ({}),
  tryChannel: () => ({ params: { channel: "email" } }),
  updateQueueLimits: () => ({ body: { lanes: 3, channels: [{ channel: "sms", perMinute: 60 }] } }),

  listProviders: () => ({}),
  setProvider: () => ({ params: { channel: "sms" }, body: { provider: "capture" } }),
  getInboundAddress: () => ({ params: { channel: "sms" } }),
  getMailbox: () => ({ params: { channel: "email" } }),
  getSendingDomain: () => ({}),
  checkSendingDomain: () => ({}),
  stateSendingDomain: () => ({ body: { text: "The records were set by our hoster in May." } }),
  testProvider: () => ({ params: { channel: "sms" }, body: { to: "+14155550123" } }),

  takeInbound: ({ workspaceId }) => ({ params: { channel: "sms", workspaceId } }),

  listSecrets: () => ({}),
  setSecret: () => ({ params: { name: "other_key" }, body: { value: "value", hosts: ["api.example.com"] } }),
  deleteSecret: ({ secret }) => ({ params: { name: secret } }),

  executeForContact: ({ flow, contact, workspaceId }) => ({ body: { workflowId: flow, contactId: contact, workspaceId } }),
  executeWorkflow: ({ flow, contact, workspaceId }) => ({
    body: {
      workflowId: flow,
      contactId: contact,
      workspaceId,
      workflowDefinition: oneNodeFlow,
      bypassDatabaseLookup: true,
      isTest: true,
    },
  }),
  executeFlow: ({ flow, contact }) => ({ params: { workflowId: flow }, body: { contactId: contact, triggerData: { plan: "pro" } } }),
};
