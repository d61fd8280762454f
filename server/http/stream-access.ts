import type { Response } from "express";
import type { Logger } from "pino";

/** An answer that goes on for minutes: events, or a file that is read slowly. */
export interface OpenStream {
  workspaceId: string;
  /** The person, or the service member of the key. */
  userId: string;
  /** Asks again what was asked when the request came in. */
  isAllowed(): Promise<boolean>;
  end(): void;
}

export interface StreamAccess {
  /** Watches the stream until its answer closes. */
  watch(stream: OpenStream, res: Response): void;
  /** Asks at once about the streams of a workspace or a person, because somebody's access to them may have ended. */
  recheck(of: { workspaceId?: string; userId?: string }): Promise<void>;
}

/**
 * Ends open streams whose caller may not read them any more: signed out, key revoked, removed, or given a lower role.
 * This process learns of it at once, from the routes that end access (`endsAccess`); what another process or the
 * database ends is seen within `everyMs`.
 */
export function createStreamAccess({ log, everyMs }: { log: Logger; everyMs: number }): StreamAccess {
  const open = new Set<OpenStream>();

  const ask = async (stream: OpenStream): Promise<void> => {
    try {
      if ((await stream.isAllowed()) || !open.delete(stream)) return;
      stream.end();
    } catch (error) {
      // The database may be away for a moment. The stream is asked about again, and ends by itself after some minutes.
      log.warn({ err: error }, "The access to an open stream could not be checked");
    }
  };

  return {
    watch(stream, res) {
      open.add(stream);
      const timer = setInterval(() => void ask(stream), everyMs);
      timer.unref();
      res.once("close", () => {
        clearInterval(timer);
        open.delete(stream);
      });
    },
    async recheck({ workspaceId, userId }) {
      const concerned = [...open].filter((stream) => stream.workspaceId === workspaceId || stream.userId === userId);
      await Promise.all(concerned.map(ask));
    },
  };
}
