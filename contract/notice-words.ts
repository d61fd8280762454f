import { channelNames } from "./channel-names.ts";
import type { Notice } from "./notices.ts";

interface Words {
  title: string;
  /** What to do. */
  advice: string;
}

/** What of a notice its words depend on. Outside the app they name no flow and no contact. */
type Told = Pick<Notice, "kind" | "channel" | "detail"> & Partial<Pick<Notice, "flowName" | "contactName">>;

const decidedWords: Record<string, string> = {
  approved: "was approved",
  refused: "was not approved",
  returned: "waits for approval again",
};

/** A notice in words, as the app shows it and as it is sent by e-mail: what happened, and what to do. */
export function noticeWords({ kind, channel, detail, flowName, contactName }: Told): Words {
  switch (kind) {
    case "provider_down": {
      const name = channel ? channelNames[channel].name : "A channel";
      const why =
        detail === "sender_refused"
          ? "the provider refuses the sender"
          : detail === "channel_refused"
            ? "the provider refuses what it is asked"
            : "the provider keeps failing";
      return {
        title: `${name} cannot send: ${why}`,
        advice: "Nothing is lost: messages wait, and the channel tries again by itself. If it goes on, check it in the settings.",
      };
    }
    case "mail_guard":
      return {
        title:
          detail === "pause"
            ? "Sends of marketing e-mail were paused: too many e-mails bounce or are reported as spam"
            : "Many e-mails bounce or are reported as spam",
        advice: "Write only to people who asked for it, and take out lists that are old or bought.",
      };
    case "send_errors":
      return {
        title: `${flowName ? `“${flowName}”` : "A send"} has finished with errors`,
        advice: "The send says who was not reached and why, and can try again.",
      };
    case "maybe_stop":
      if (detail === "undecided")
        return {
          title: `Nobody decided what ${contactName ?? "a contact"} meant, so it counts as STOP`,
          advice: "Nothing is sent to this number or address any more. If they meant something else, an admin can allow it again.",
        };
      return {
        title: `${contactName ?? "A contact"} may have asked for no more messages`,
        advice:
          "Marketing to this number or address has stopped. Read what was written, and decide within two working days: after that it counts as STOP.",
      };
    case "still_stopped":
      return {
        title: `${contactName ?? "A contact"} wants text messages again, and still gets none`,
        advice:
          detail === "not_start"
            ? "The provider lets messages through again, but what they wrote was not START and may have meant something else. They were asked to answer START."
            : "They answered START, and somebody here has closed the contact or its number as well. Look at the consent of the contact, and decide.",
      };
    case "approval_asked":
      return {
        title: `${flowName ? `“${flowName}”` : "A send"} waits for approval`,
        advice: "Nothing of it leaves until an admin has looked at it and approved it.",
      };
    case "approval_decided":
      return {
        title: `${flowName ? `“${flowName}”` : "A send"} ${decidedWords[detail ?? ""] ?? "was decided"}`,
        advice: detail === "approved" ? "It begins now, or at its planned start." : "Nothing of it has left. The send says why.",
      };
    case "canary_held":
      return {
        title: `${flowName ? `“${flowName}”` : "A send"} is held: its first contacts did not go well`,
        advice: "The send says what was seen of them. Look, and then let it go on or stop it.",
      };
  }
}
