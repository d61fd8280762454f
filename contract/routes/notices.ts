import { z } from "zod";
import { Notice, NoticeListQuery, NoticeSettings, ReadNotices, UnreadNotices } from "../notices.ts";
import { pageOf } from "../pagination.ts";
import { defineRoute, member } from "../route.ts";

export const noticeRoutes = {
  listNotices: defineRoute({
    method: "GET",
    path: "/api/notices",
    tag: "Notices",
    summary: "What the members of the workspace should know of, the newest first",
    auth: member("viewer", null),
    query: NoticeListQuery,
    response: pageOf(Notice),
  }),
  countUnreadNotices: defineRoute({
    method: "GET",
    path: "/api/notices/unread",
    tag: "Notices",
    summary: "How many notices the caller has not read",
    auth: member("viewer", null),
    response: UnreadNotices,
  }),
  readNotices: defineRoute({
    method: "POST",
    path: "/api/notices/read",
    tag: "Notices",
    summary: "Mark notices as read, for the caller alone",
    auth: member("viewer", null),
    body: ReadNotices,
    response: z.object({ matched: z.number().int() }),
    audit: "notice.read",
  }),
  getNoticeSettings: defineRoute({
    method: "GET",
    path: "/api/notices/settings",
    tag: "Notices",
    summary: "Whether the caller gets notices by e-mail",
    auth: member("viewer", null),
    response: NoticeSettings,
  }),
  saveNoticeSettings: defineRoute({
    method: "PUT",
    path: "/api/notices/settings",
    tag: "Notices",
    summary: "Choose whether the caller gets notices by e-mail",
    auth: member("viewer", null),
    body: NoticeSettings,
    response: NoticeSettings,
    audit: "notice.settings",
  }),
};
