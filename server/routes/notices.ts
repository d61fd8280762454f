import { countUnread, findByEmail, listNotices, markRead, saveByEmail } from "#db/queries/notices.ts";
import type { Handlers } from "../http/handler.ts";

export const noticeRoutes = {
  listNotices: async ({ db, workspaceId, principal: { userId }, query }) => listNotices(db, { workspaceId, userId, ...query }),

  countUnreadNotices: async ({ db, workspaceId, principal: { userId } }) => ({ unread: await countUnread(db, { workspaceId, userId }) }),

  readNotices: async ({ db, workspaceId, principal: { userId }, body, note }) => {
    const matched = await markRead(db, { workspaceId, userId, ...body });
    note({ subjectId: userId, details: { notices: matched } });
    return { matched };
  },

  getNoticeSettings: async ({ db, workspaceId, principal: { userId } }) => ({ byEmail: await findByEmail(db, { workspaceId, userId }) }),

  saveNoticeSettings: async ({ db, workspaceId, principal: { userId }, body: { byEmail }, note }) => {
    await saveByEmail(db, { workspaceId, userId, byEmail });
    note({ subjectId: userId, details: { byEmail } });
    return { byEmail };
  },
} satisfies Pick<Handlers, "listNotices" | "countUnreadNotices" | "readNotices" | "getNoticeSettings" | "saveNoticeSettings">;
