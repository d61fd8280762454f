import type { InboxState } from "#contract/conversations.ts";
import { readInboxState, readThreadMark } from "#db/queries/inbox-state.ts";
import type { Resources } from "../compose/resources.ts";
import { createRowWatch, type RowWatch } from "./row-watch.ts";

interface InboxRow extends Pick<InboxState, "unread" | "list"> {
  /** The workspace. */
  id: string;
}

interface ThreadRow {
  /** The contact. */
  id: string;
  thread: string;
}

interface Watches {
  inbox: RowWatch<InboxRow>;
  thread: RowWatch<ThreadRow>;
}

/** Milliseconds between two looks. What a colleague does is there at once, also after a quiet hour. */
const everyMs = 500;

/** There is one pair per running server, so that each inbox and each conversation has one reader however many look at it. */
const watches = new WeakMap<Resources, Watches>();

/**
 * Tells the state of the inbox now and whenever it changes, until `signal` aborts. Both parts are read from the database, because what
 * comes in may be acted on by another process.
 */
export async function followInbox(
  resources: Resources,
  { workspaceId, contactId }: { workspaceId: string; contactId: string | undefined },
  signal: AbortSignal,
  tell: (state: InboxState) => void,
): Promise<void> {
  const { inbox, thread } = watchesOf(resources);
  const db = resources.ownerDb;
  const first = await readInboxState(db, { workspaceId });
  const mark = contactId === undefined ? null : await readThreadMark(db, { workspaceId, contactId });
  let state: InboxState = { ...first, thread: mark };
  const change = (part: Partial<InboxState>) => {
    state = { ...state, ...part };
    tell(state);
  };
  const place = { workspaceId };
  const watching = [inbox.watch({ id: workspaceId, ...first }, place, ({ unread, list }) => change({ unread, list }))];
  if (contactId !== undefined && mark !== null)
    watching.push(thread.watch({ id: contactId, thread: mark }, place, (row) => change({ thread: row.thread })));
  const stop = () => {
    for (const one of watching) one.stop();
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  else tell(state);
}

function watchesOf(resources: Resources): Watches {
  const known = watches.get(resources);
  if (known) return known;
  const options = { db: resources.ownerDb, log: resources.log, lively: everyMs, resting: everyMs };
  const made: Watches = {
    inbox: createRowWatch(
      {
        what: "inbox",
        find: async (db, { workspaceId }) => ({ id: workspaceId, ...(await readInboxState(db, { workspaceId })) }),
        isOver: () => false,
      },
      options,
    ),
    thread: createRowWatch(
      {
        what: "conversation",
        find: async (db, { workspaceId, id }) => ({ id, thread: await readThreadMark(db, { workspaceId, contactId: id }) }),
        isOver: () => false,
      },
      options,
    ),
  };
  watches.set(resources, made);
  return made;
}
