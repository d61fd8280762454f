import type { Request, Response } from "express";
import { ApiError, tooManyRequests } from "./errors.ts";
import { discardAfter } from "./upload.ts";

/**
 * Counts the uploads that are read or worked on. A file is held in memory whole, a few times over while it is read, so what
 * all of them need together is bounded here and not by the number of requests.
 */
export interface UploadCount {
  /** Counts this upload until its answer has left or its connection closes, or refuses it before anything of it is read. */
  add(workspaceId: string, req: Request, res: Response): void;
}

const retryAfter = 10;

export function createUploadCount(limits: { perWorkspace: number; inAll: number }): UploadCount {
  const open = new Map<string, number>();
  let all = 0;
  return {
    add(workspaceId, req, res) {
      const count = open.get(workspaceId) ?? 0;
      const refusal =
        count >= limits.perWorkspace
          ? tooManyRequests(retryAfter, `${count} files of this workspace are being imported. Send this one when one of them is done.`)
          : all >= limits.inAll
            ? new ApiError("unavailable", "The server is importing as many files as it can. Nothing was changed; try again shortly.", {
                retryAfter,
              })
            : undefined;
      if (refusal) {
        discardAfter(req, res);
        throw refusal;
      }
      open.set(workspaceId, count + 1);
      all += 1;
      res.once("close", () => {
        all -= 1;
        const left = (open.get(workspaceId) ?? 1) - 1;
        if (left > 0) open.set(workspaceId, left);
        else open.delete(workspaceId);
      });
    },
  };
}
