import { isSendOver, type Send } from "#contract/sends.ts";
import { findSend } from "#db/queries/sends.ts";
import { createRowWatch, type RowWatch, type RowWatchOptions } from "./row-watch.ts";

/** A send in one of these states does not change any more. */
export const isOver = (send: Send): boolean => isSendOver(send.state) && send.active === 0;

export const createSendWatch = (options: RowWatchOptions): RowWatch<Send> =>
  createRowWatch({ what: "send", find: findSend, isOver }, options);
