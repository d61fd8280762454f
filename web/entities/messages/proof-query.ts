import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** Whose messages are proven: those of a send, or those to a contact. */
export interface ProofOf {
  kind: "send" | "contact";
  id: string;
}

export const proofQuery = ({ kind, id }: ProofOf) =>
  infiniteQueryOptions({
    queryKey: [kind === "send" ? "sends" : "messages", "proof", kind, id],
    queryFn: ({ pageParam, signal }) => {
      const asked = { params: { id }, query: { limit: 50, cursor: pageParam }, signal };
      return kind === "send" ? api("listSendProof", asked) : api("listContactProof", asked);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
