import { proofRoutes } from "#contract/routes/proof.ts";
import type { ProofOf } from "#web/entities/messages/proof-query.ts";
import { ExportLink } from "#web/features/executions/export-link.tsx";
import { ProofList } from "#web/features/proof/proof-list.tsx";
import { urlOf } from "#web/lib/api.ts";

const files = {
  send: { route: "exportSendProof", name: "proof-of-send.csv", title: "The whole record of the messages of this send, as a CSV file" },
  contact: {
    route: "exportContactProof",
    name: "proof-of-contact.csv",
    title: "The whole record of the messages to this contact, as a CSV file",
  },
} as const;

/** The record of the messages of a send or to a contact. It is fetched when its tab is opened first. */
export function ProofTab({ of, zone }: { of: ProofOf; zone: string }) {
  const { route, name, title } = files[of.kind];
  return (
    <ProofList
      of={of}
      zone={zone}
      exportLink={<ExportLink url={urlOf(proofRoutes, route, { params: { id: of.id } })} fileName={name} title={title} />}
    />
  );
}
