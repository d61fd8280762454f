import { useMemo, useSyncExternalStore } from "react";
import type { Channel } from "#contract/messages.ts";
import { keep, recall } from "#ui/browser-memory.ts";
import { useSession } from "#web/entities/session/use-session.ts";

/** An answer that is not sent yet, as it stands in the fields. */
export interface AnswerDraft {
  channel: Channel;
  /** Who is to write it. In test mode one may write as the contact, and that must not leave as an answer of ours. */
  who: "us" | "contact";
  text: string;
  subject: string;
  /** The id under which it was tried. The same message that is tried again keeps it, so that it is sent once. */
  id?: string | undefined;
}

interface Kept extends AnswerDraft {
  /** The workspace, the person and the contact. */
  place: string;
}

/**
 * They are kept in the storage of the tab, not in that of the browser: an answer is personal data of a contact, so it goes
 * when the tab is closed, and it goes at sign-out with all else that the tab remembers.
 */
const key = "sluice.answer-drafts";
/** Whoever begins more answers than this loses the one left longest. */
const most = 30;

const listeners = new Set<() => void>();
let drafts: readonly Kept[] | undefined;

const isKept = (found: unknown): found is Kept => {
  const { place, text, subject, channel, who } = (found ?? {}) as Record<string, unknown>;
  return [place, text, subject, channel].every((part) => typeof part === "string") && (who === "us" || who === "contact");
};

function read(): readonly Kept[] {
  try {
    const found: unknown = JSON.parse(recall(key, "tab") ?? "[]");
    return Array.isArray(found) ? found.filter(isKept) : [];
  } catch {
    return [];
  }
}

/** A browser that keeps nothing still has them for as long as the page lasts. */
const all = (): readonly Kept[] => {
  drafts ??= read();
  return drafts;
};

function write(next: readonly Kept[]): void {
  drafts = next;
  keep(key, next.length === 0 ? null : JSON.stringify(next), "tab");
  for (const tell of listeners) tell();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

function usePlaces() {
  const { workspace, user } = useSession();
  const start = `${workspace.id}/${user.id}/`;
  return { kept: useSyncExternalStore(subscribe, all), start };
}

/** The answer begun to a contact by this person in this workspace. */
export function useAnswerDraft(contactId: string) {
  const { kept, start } = usePlaces();
  const place = start + contactId;
  const others = () => all().filter((one) => one.place !== place);
  return {
    draft: kept.find((one) => one.place === place) as AnswerDraft | undefined,
    /** One without any words is none. */
    write: (draft: AnswerDraft) =>
      write(draft.text === "" && draft.subject === "" ? others() : [...others(), { ...draft, place }].slice(-most)),
    /** Forgets what was sent, unless it has been changed since into another message. */
    forget: (id: string) => write(all().filter((one) => one.place !== place || one.id !== id)),
  };
}

/** The contacts to whom this person has begun an answer in this workspace. */
export function useDraftedContacts(): ReadonlySet<string> {
  const { kept, start } = usePlaces();
  return useMemo(
    () =>
      new Set(
        kept.filter(({ place, text }) => place.startsWith(start) && text.trim() !== "").map(({ place }) => place.slice(start.length)),
      ),
    [kept, start],
  );
}

/** Reads them anew from the browser, as a page does that is loaded. */
export function rereadAnswerDrafts(): void {
  drafts = undefined;
  for (const tell of listeners) tell();
}
