import { namesOfProvider } from "#channels/providers.ts";
import { findMessage, listMessages } from "#db/queries/messages.ts";
import { pageOrRefusal } from "../http/bad-cursor.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const messageRoutes = {
  listMessages: async ({ db, workspaceId, query: { provider, ...query } }) => {
    const providers = provider === undefined ? undefined : namesOfProvider(provider);
    return pageOrRefusal(listMessages(db, { workspaceId, ...query, providers }));
  },

  getMessage: async ({ db, workspaceId, params }) => {
    const message = await findMessage(db, { workspaceId, id: params.id });
    if (!message) throw notFound("message_not_found");
    return message;
  },
} satisfies Pick<Handlers, "listMessages" | "getMessage">;
