import { staysHere } from "#channels/stays-here.ts";
import type { TimelineEntry } from "#contract/contact-timeline.ts";
import { reasons } from "#contract/reasons.ts";
import { formatCount } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { consentWords } from "#web/entities/contacts/consent-words.ts";

interface Line {
  title: string;
  /** The words of somebody else: of a message, or of who wrote a consent down. */
  text: string | null;
  isBad: boolean;
}

const because = (reason: keyof typeof reasons | null) => (reason === null ? "" : `: ${reasons[reason].text}`);

/** One entry of a time line in words. */
export function lineOf(entry: TimelineEntry): Line {
  switch (entry.kind) {
    case "message": {
      const what = channelLook[entry.channel].name;
      const isKept = entry.status === "sent" && staysHere(entry.provider);
      const told = isKept ? { words: "kept here as a test, not sent", isBad: false } : messageWords[entry.status];
      const text = [entry.subject, entry.text].filter(Boolean).join("\n") || null;
      return { title: `${what} ${told.words}${because(entry.reason)}`, text, isBad: told.isBad };
    }
    case "reply": {
      const asks = entry.word === null ? "" : wordWords[entry.word];
      return {
        title: `${entry.automatic ? "An automatic answer came" : "Wrote"} by ${channelLook[entry.channel].name}${asks}`,
        text: entry.text,
        isBad: false,
      };
    }
    case "begun":
      return { title: "Entered the flow", text: null, isBad: false };
    case "ended":
      return {
        title: `${endWords[entry.status]}${because(entry.reason)}`,
        text: null,
        isBad: entry.status === "failed" || entry.status === "partial_failure",
      };
    case "step":
      return {
        title: `${entry.label}${entry.status === "completed" ? "" : `: ${entry.status}`}${because(entry.reason)}`,
        text: null,
        isBad: entry.status === "failed",
      };
    case "tracked": {
      const often = entry.times > 1 ? `, ${formatCount(entry.times)} times until now` : "";
      if (entry.what === "open") return { title: `E-mail opened, as far as that can be told${often}`, text: null, isBad: false };
      return { title: `Clicked a link by ${channelLook[entry.channel].name}${often}`, text: entry.url, isBad: false };
    }
    case "consent":
      return { title: consentWords(entry), text: entry.evidence, isBad: false };
  }
}

type Status = Extract<TimelineEntry, { kind: "message" }>["status"];
const messageWords: Record<Status, { words: string; isBad: boolean }> = {
  queued: { words: "waits to be sent", isBad: false },
  sending: { words: "is being sent", isBad: false },
  held: { words: "is held", isBad: false },
  sent: { words: "sent", isBad: false },
  delivered: { words: "delivered", isBad: false },
  undelivered: { words: "not delivered", isBad: true },
  failed: { words: "not sent", isBad: true },
  unknown: { words: "may or may not have left", isBad: true },
};

const wordWords = {
  stop: ", and asked for no more messages",
  start: ", and asked for messages again",
  help: ", and asked for help",
  maybe_stop: ", and may have asked for no more messages",
  maybe_start: ", and was asked to answer START",
} as const;

const endWords: Record<Extract<TimelineEntry, { kind: "ended" }>["status"], string> = {
  pending: "Ended",
  running: "Ended",
  completed: "Came to the end of the flow",
  failed: "The flow failed",
  cancelled: "Left the flow",
  partial_failure: "Came to the end of the flow, with errors",
};
