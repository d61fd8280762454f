import { readQueue } from "#db/queries/queue.ts";
import { saveQueueLimits } from "#db/queries/queue-limits.ts";
import { changeDetails } from "../http/change-details.ts";
import type { Handlers } from "../http/handler.ts";

export const queueRoutes = {
  // This uses the owner's login: lanes and turns are rows of the engine, which members may not read. The workspace is
  // the caller's.
  getQueue: async ({ resources, workspaceId }) => readQueue(resources.ownerDb, { workspaceId }),

  tryChannel: async ({ resources, workspaceId, params: { channel }, note }) => {
    note({ subjectId: channel });
    await resources.engine.tryChannel({ workspaceId, channel });
    return { success: true as const };
  },

  updateQueueLimits: async ({ resources, db, workspaceId, body, note }) => {
    const { lanes, channels, messages } = await readQueue(resources.ownerDb, { workspaceId });
    await saveQueueLimits(db, { workspaceId, limits: body });
    // Processes trust what they have read of the limits for a second.
    if (body.messages?.perDay !== undefined) await resources.engine.askPacedAgain({ workspaceId, afterMs: 2_000 });
    const before = {
      lanes: lanes.limit,
      channels: body.channels?.map(({ channel }) => ({
        channel,
        perMinute: channels.find((one) => one.channel === channel)?.perMinute ?? null,
      })),
      messages: body.messages && Object.fromEntries(Object.keys(body.messages).map((key) => [key, messages[key as keyof typeof messages]])),
    };
    note({ details: changeDetails(before, body) });
    return { success: true as const };
  },
} satisfies Pick<Handlers, "getQueue" | "tryChannel" | "updateQueueLimits">;
