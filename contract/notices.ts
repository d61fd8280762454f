import { z } from "zod";
import { GivenTimestamp } from "./date-bounds.ts";
import { ChannelName } from "./messages.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";

/** What people are told of without asking. */
export const noticeKinds = [
  "provider_down",
  "mail_guard",
  "send_errors",
  "maybe_stop",
  "still_stopped",
  "approval_asked",
  "approval_decided",
  "canary_held",
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Notices are kept for so many days. */
export const noticeDays = 90;
/** Unread notices are counted as far as this. */
export const countedNotices = 100;

/** One cause, however often it came. */
export const Notice = z.object({
  id: Uuid,
  kind: z.enum(noticeKinds),
  channel: ChannelName.nullable(),
  /** Of `provider_down` the code of the alert, of `maybe_stop` that nobody decided, of `still_stopped` why, of `mail_guard` whether it warns or has paused, of `approval_decided` what was decided. */
  detail: z.string().nullable(),
  sendId: Uuid.nullable(),
  flowName: z.string().nullable(),
  contactId: Uuid.nullable(),
  contactName: z.string().nullable(),
  times: z.number().int(),
  /** When it came last. */
  at: Timestamp,
  isUnread: z.boolean(),
});
export type Notice = z.infer<typeof Notice>;

export const NoticeListQuery = z.strictObject(PageQuery.shape);
export type NoticeListQuery = z.infer<typeof NoticeListQuery>;

/** Counted up to `countedNotices`. */
export const UnreadNotices = z.object({ unread: z.number().int() });

export const ReadNotices = z.strictObject({
  /** What came after this moment stays unread. */
  upto: GivenTimestamp,
  /** All of them, where it is left out. */
  ids: z.array(Uuid).min(1).max(200).optional(),
});

export const NoticeSettings = z.strictObject({ byEmail: z.boolean() });
export type NoticeSettings = z.infer<typeof NoticeSettings>;
