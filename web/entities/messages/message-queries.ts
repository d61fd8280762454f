import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { MessagePreviewQuestion } from "#contract/message-preview-requests.ts";
import type { DraftMessage, PreviewedContact } from "#contract/message-previews.ts";
import type { Channel } from "#contract/messages.ts";
import { api } from "#web/lib/api.ts";

export const messageKeys = {
  all: ["messages"],
  newest: (filter: MessageFilter) => ["messages", "newest", queryOf(filter)],
  pages: (filter: MessageFilter) => ["messages", "pages", queryOf(filter)],
  one: (id: string) => ["messages", "one", id],
  preview: (flowId: string, question: MessagePreviewQuestion) => ["messages", "preview", flowId, question],
  written: (message: DraftMessage, who: PreviewedContact) => ["messages", "written", message, who],
  survey: (message: DraftMessage) => ["messages", "survey", message],
  ofExecutions: ["messages", "of-execution"],
  ofExecution: (executionId: string) => ["messages", "of-execution", executionId],
} as const;

export interface MessageFilter {
  channel: Channel | undefined;
  search: string | undefined;
}

const lookEvery = 2000;
/** A search among millions takes the database a moment. */
const searchEvery = 10_000;
export const messagesPerPage = 50;
const queryOf = ({ channel, search }: MessageFilter) => ({ channel, search: search || undefined, limit: messagesPerPage });

/** The newest page of the inbox. A hidden tab does not ask, because nobody is looking. */
export const newestMessagesQuery = (filter: MessageFilter) =>
  queryOptions({
    queryKey: messageKeys.newest(filter),
    queryFn: ({ signal }) => api("listMessages", { query: queryOf(filter), signal }),
    refetchInterval: filter.search ? searchEvery : lookEvery,
    staleTime: 0,
  });

/** The pages of the inbox as they were when they were scrolled to. */
export const messagePagesQuery = (filter: MessageFilter) =>
  infiniteQueryOptions({
    queryKey: messageKeys.pages(filter),
    queryFn: ({ pageParam, signal }) => api("listMessages", { query: { ...queryOf(filter), cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

const final = new Set(["delivered", "undelivered", "failed"]);

/** One message, read again until its status is final. */
export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: messageKeys.one(id),
    queryFn: ({ signal }) => api("getMessage", { params: { id }, signal }),
    refetchInterval: (query) => (query.state.data && final.has(query.state.data.status) ? false : lookEvery),
  });

/** The messages of an execution. Delivery reports arrive after it has ended, so they are then read on, only less often. */
export const executionMessagesQuery = (executionId: string, ended: boolean) =>
  queryOptions({
    queryKey: messageKeys.ofExecution(executionId),
    queryFn: ({ signal }) => api("listMessages", { query: { executionId, limit: 200 }, signal }),
    refetchInterval: ended ? 10_000 : lookEvery,
  });

/** A message of a flow as it would leave now. The flow and the contact may have changed since it was last read. */
export const messagePreviewQuery = (flowId: string, question: MessagePreviewQuestion) =>
  queryOptions({
    queryKey: messageKeys.preview(flowId, question),
    queryFn: ({ signal }) => api("previewMessage", { params: { id: flowId }, body: question, signal }),
    staleTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });

/** Answers about texts that were typed on are not worth keeping. */
const typedOn = 30_000;

/** A message as it is being written. The answer before stays until the new one is there. */
export const writtenMessageQuery = (message: DraftMessage, who: PreviewedContact) =>
  queryOptions({
    queryKey: messageKeys.written(message, who),
    queryFn: ({ signal }) => api("previewDraftMessage", { body: { ...message, contactId: who }, signal }),
    gcTime: typedOn,
    retry: false,
    placeholderData: keepPreviousData,
  });

/** What a message becomes for the newest contacts. */
export const messageSurveyQuery = (message: DraftMessage) =>
  queryOptions({
    queryKey: messageKeys.survey(message),
    queryFn: ({ signal }) => api("surveyMessage", { body: message, signal }),
    gcTime: typedOn,
    retry: false,
    placeholderData: keepPreviousData,
  });

export const refreshMessages = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: messageKeys.all });
