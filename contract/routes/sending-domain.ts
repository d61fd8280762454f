import { defineRoute, member } from "../route.ts";
import { DomainStatement, SendingDomain } from "../sending-domain.ts";

export const sendingDomainRoutes = {
  getSendingDomain: defineRoute({
    method: "GET",
    path: "/api/sending-domain",
    tag: "Providers",
    summary: "What is known of the domain from which e-mail is sent",
    auth: member("viewer", "admin"),
    response: SendingDomain,
  }),
  checkSendingDomain: defineRoute({
    waitsOutside: true,
    method: "POST",
    path: "/api/sending-domain/check",
    tag: "Providers",
    summary: "Look the records of the sending domain up in DNS",
    description:
      "SPF, DKIM, DMARC and where its mail is received. Without a good check or a statement, 500 marketing e-mails of the domain leave in a day and the others wait.",
    auth: member("admin", "admin"),
    response: SendingDomain,
    audit: "provider.check_domain",
  }),
  stateSendingDomain: defineRoute({
    method: "PUT",
    path: "/api/sending-domain/statement",
    tag: "Providers",
    summary: "Vouch for the records of the sending domain, where this installation cannot see them",
    auth: member("admin", "admin"),
    body: DomainStatement,
    response: SendingDomain,
    audit: "provider.state_domain",
  }),
};
