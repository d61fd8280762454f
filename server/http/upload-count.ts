import type { Request, Response } from "express";
import { ApiError, tooManyRequests } from "./errors.ts";
import { discardAfter } from "./upload.ts";

/**
 * Counts the uploads that are read or worked on. A file is held in memory whole, a few times over while it is read, so what
 * all of them need together is bounded here and not by the number of requests.
 */
export interface UploadCount {
  /** Counts this upload until its answer has left or its connection closes, or refuses it before anything of it is read. */
  add(of: { workspaceId: string; person: string }, req: Request, res: Response): void;
}

const retryAfter = 10;

/** `perWorkspace` holds for a person too, whose workspaces may be many: some of `inAll` are left to others. */
export function createUploadCount(limits: { perWorkspace: number; inAll: number }): UploadCount {
  const open = new Map<string, number>();
  let all = 0;
  return {
    add({ workspaceId, person }, req, res) {
      const places = [`workspace ${workspaceId}`, `person ${person}`];
      const [ofWorkspace, ofPerson] = places.map((place) => open.get(place) ?? 0) as [number, number];
      const refusal =
        Math.max(ofWorkspace, ofPerson) >= limits.perWorkspace
          ? tooManyRequests(
              retryAfter,
              `${limits.perWorkspace} files ${ofWorkspace >= ofPerson ? "of this workspace" : "that you sent"} are being imported. Send this one when one of them is done.`,
            )
          : all >= limits.inAll
            ? new ApiError("unavailable", "The server is importing as many files as it can. Nothing was changed; try again shortly.", {
                retryAfter,
              })
            : undefined;
      if (refusal) {
        discardAfter(req, res);
        throw refusal;
      }
      for (const place of places) open.set(place, (open.get(place) ?? 0) + 1);
      all += 1;
      res.once("close", () => {
        all -= 1;
        for (const place of places) {
          const left = (open.get(place) ?? 1) - 1;
          if (left > 0) open.set(place, left);
          else open.delete(place);
        }
      });
    },
  };
}
