import type { Collisions } from "#contract/collisions.ts";
import type { Flow, FlowSummary } from "#contract/flows.ts";
import type { Forecast, KeptForecast } from "#contract/forecasts.ts";
import type { ProviderState } from "#contract/providers.ts";
import type { ForecastQuestion, SendPreviewQuestion } from "#contract/send-requests.ts";
import { usualSendingRules } from "#contract/sending-rules.ts";
import type { Send, SendPreview } from "#contract/sends.ts";
import { emptyForecast } from "./one-forecast.ts";

/** Flows and sends as the API returns them, for the tests of the send dialog. */
export const uuid = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
export const at = "2026-05-03T09:00:00Z";
export const summary = (n: number, name: string, changes: Partial<FlowSummary> = {}): FlowSummary => ({
  id: uuid(n),
  name,
  folderId: null,
  stepCount: 5,
  canStart: true,
  problemCount: 0,
  channels: ["sms"],
  hasDraft: false,
  active: 0,
  enrolled: 0,
  lastSentAt: null,
  createdAt: at,
  updatedAt: at,
  archivedAt: null,
  favourite: false,
  openedAt: null,
  ...changes,
});
export const welcome = summary(1, "Welcome Flow");
export const graph = (flow: FlowSummary, problems: Flow["problems"] = []): Flow => ({
  id: flow.id,
  name: flow.name,
  folderId: null,
  nodes: [
    { id: "a", type: "start", position: { x: 0, y: 0 }, data: {} },
    { id: "b", type: "end", position: { x: 0, y: 0 }, data: { label: "Goodbye" } },
  ],
  edges: [{ id: "ab", source: "a", target: "b" }],
  settings: {},
  problems,
  createdAt: at,
  updatedAt: at,
  archivedAt: null,
});
export const send = (id: string, changes: Partial<Send> = {}): Send => ({
  id,
  flowId: welcome.id,
  flowName: welcome.name,
  flowVersionId: uuid(900),
  source: "bulk",
  state: "running",
  isTest: false,
  launchedByName: "Ada",
  launchedFrom: "Contacts page",
  total: 3,
  enrolled: 3,
  notEnrolled: 0,
  active: 3,
  completed: 0,
  failed: 0,
  partialFailure: 0,
  cancelled: 0,
  createdAt: at,
  enrolledAt: null,
  endedAt: null,
  undoUntil: null,
  start: null,
  nextAt: null,
  drip: null,
  firstRoundAt: null,
  changedAt: null,
  notLaterThan: null,
  oncePerAddress: true,
  reached: null,
  unreached: null,
  completedUnreached: null,
  captured: null,
  completedCaptured: null,
  messageCounts: [],
  changedByName: null,
  forecastId: null,
  canary: null,
  ...changes,
});
export const answer = (made: Send) => ({ success: true as const, send: made, executionId: null });
/** The count before a send by which everybody can receive everything. */
export const allReceive = (total: number, changes: Partial<SendPreview> = {}): SendPreview => ({
  total,
  nothing: 0,
  sampled: null,
  notEnrolled: [],
  channels: [{ channel: "sms", refused: [] }],
  approval: { lately: 0, approvers: 1 },
  ...changes,
});
/** A provider that really sends stands behind each channel, so that nothing is said about test mode. */
const provider = (channel: ProviderState["channel"], name: string): ProviderState => ({
  channel,
  provider: name,
  settings: {},
  hasSecret: false,
  secretEnds: {},
  updatedAt: null,
});
export const providersOf = (sms: string, email: string) => ({ items: [provider("sms", sms), provider("email", email)] });
/** A forecast of a flow without messages, of which the dialog says nothing. */
const nothingPlanned = (total: number): Forecast => ({ ...emptyForecast, total, willStart: total });

/** A forecast that is done, unless `changes` says otherwise. */
export const keptForecast = (forecast: Forecast, changes: Partial<KeptForecast> = {}): KeptForecast => ({
  id: uuid(950),
  flowId: uuid(1),
  state: "done",
  total: forecast.total,
  looked: forecast.total,
  forecast,
  flowChanged: false,
  errorMessage: null,
  createdAt: forecast.at,
  finishedAt: forecast.at,
  ...changes,
});

/** What chosen contacts get anyway: nothing, unless `changes` says otherwise. */
export const collisions = (changes: Partial<Collisions> = {}): Collisions => ({
  at,
  contacts: 2,
  planned: 0,
  days: Array.from({ length: 7 }, (_, index) => ({ date: `2026-05-0${3 + index}`, messages: 0, contacts: 0, flows: [] })),
  cap: { perDay: null, perWeek: null },
  who: [],
  lastAt: null,
  unfollowed: 0,
  ...changes,
});

export const flowApi = (flows: FlowSummary[] = [welcome]) => ({
  previewSend: ({ body }: { body: SendPreviewQuestion }) => allReceive(body.selection.type === "ids" ? body.selection.ids.length : 2160),
  forecastSend: ({ body }: { body: ForecastQuestion }) =>
    keptForecast(nothingPlanned(body.selection.type === "ids" ? body.selection.ids.length : 2160)),
  // A forecast that is done is looked at again after a while, which a slow machine may need for a test.
  getForecast: () => keptForecast(nothingPlanned(2160)),
  findCollisions: () => collisions(),
  getSendingRules: () => usualSendingRules,
  listSavedLaunches: () => ({ items: [] }),
  listProviders: () => providersOf("gateway", "smtp"),
  getInstance: () => ({ sendingHeldSince: null }),
  listFlows: () => ({ items: flows, folders: [] }),
  getFlow: ({ params }: { params: { id: string } }) => graph(flows.find(({ id }) => id === params.id) ?? welcome),
});
