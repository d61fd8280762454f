import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Contact } from "#contract/contacts.ts";
import { keep, recall } from "#ui/browser-memory.ts";
import { contactMatchesQuery, contactQuery } from "#web/entities/contacts/contact-queries.ts";

export interface PreviewContact {
  /** For whom messages of the flow are shown: a contact, the newest one, or one that is made up. */
  who: "newest" | "sample" | (string & {});
  contact: Contact | undefined;
  choose(who: string): void;
}

const keyOf = (flowId: string) => `sluice.preview-as.${flowId}`;

/** The contact for whom the messages of a flow are shown, remembered in this browser. */
export function usePreviewContact(flowId: string): PreviewContact {
  const [who, setWho] = useState(() => recall(keyOf(flowId)) ?? "newest");
  const isNamed = who !== "newest" && who !== "sample";
  const newest = useQuery({ ...contactMatchesQuery(""), enabled: who === "newest" });
  const named = useQuery({ ...contactQuery(who), enabled: isNamed, retry: false });
  return {
    who,
    contact: isNamed ? named.data : who === "newest" ? newest.data?.items[0] : undefined,
    choose: (next) => {
      setWho(next);
      keep(keyOf(flowId), next);
    },
  };
}
