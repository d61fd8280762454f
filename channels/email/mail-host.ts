import { isIP, isIPv6 } from "node:net";
import type { Problem } from "#contract/api-errors.ts";
import { classifyAddress } from "../address-class.ts";
import type { HostAddress, LookUp } from "../host-look-up.ts";
import { bareHost, HostRefused, systemLookUp } from "../host-look-up.ts";
import type { OperatorRules } from "../provider-definition.ts";

/** The hosts that the operator of the instance allows. A workspace cannot widen this. */
export interface MailHostRules {
  /** Hosts of the private network and of this machine are allowed too. */
  allowPrivateHosts: boolean;
  /** Allowed ports besides those that mail uses. */
  extraPorts: readonly number[];
}

export const mailHostRules = ({ allowPrivateHosts, extraMailPorts }: OperatorRules): MailHostRules => ({
  allowPrivateHosts,
  extraPorts: extraMailPorts,
});

/** A mail server that a workspace names. */
export interface MailHost {
  host: string;
  port: number;
  /** `tls`: encrypted from the first byte. `starttls`: must be upgraded. `none`: only for loopback hosts. */
  security: "tls" | "starttls" | "none";
}

/** The use of the server. */
export interface MailHostUse {
  ports: readonly number[];
  /** Where its settings stand in a request. */
  at: string;
  /** A host as it may be. */
  example: string;
}

export const smtpUse: MailHostUse = { ports: [25, 465, 587, 2525], at: "settings", example: "smtp.example.com" };
export const imapUse: MailHostUse = { ports: [143, 993], at: "settings.mailbox", example: "imap.example.com" };

/** Every problem of the settings that can be found without asking DNS. Paths are those of the request. */
export function mailHostProblems(server: MailHost, use: MailHostUse, rules: MailHostRules): Problem[] {
  const problems: Problem[] = [];
  const host = bareHost(server.host);
  // Developers run mail catchers on their own machine, on any port.
  const isCatcher = rules.allowPrivateHosts && server.port >= 1024 && isThisMachine(host);
  if (!isCatcher && !use.ports.includes(server.port) && !rules.extraPorts.includes(server.port)) {
    const allowed = [...use.ports, ...rules.extraPorts].join(", ");
    problems.push({ path: `${use.at}.port`, message: `Port ${server.port} is not a mail port. Allowed are ${allowed}.` });
  }
  if (/[\s/@?#%:]/.test(isIPv6(host) ? "" : host) || host === "") {
    problems.push({ path: `${use.at}.host`, message: `The host is a name or an address only, such as ${use.example}` });
  } else if (isIP(host) !== 0) {
    const refusal = addressRefusal(host, server.security, use, rules);
    if (refusal) problems.push(refusal);
  } else if (server.security === "none" && !isThisMachine(host)) {
    problems.push({ path: `${use.at}.security`, message: unencryptedOnlyLocal });
  }
  return problems;
}

/**
 * The addresses of the host, all of them checked. The caller connects to these and does not ask DNS again, so a later
 * answer of DNS has no effect. One refused address among allowed ones refuses the host.
 * @throws HostRefused
 */
export async function resolveMailHost(
  server: MailHost,
  use: MailHostUse,
  rules: MailHostRules,
  lookUp: LookUp = systemLookUp,
): Promise<HostAddress[]> {
  const [problem] = mailHostProblems(server, use, rules);
  if (problem) throw new HostRefused(problem.message);
  const host = bareHost(server.host);
  const family = isIP(host);
  // Node does not treat names that look like numbers (127.1, 0x7f000001) as addresses; the resolver turns them into one.
  const addresses = family === 0 ? await lookUp(host) : [{ address: host, family: family as 4 | 6 }];
  for (const { address } of addresses) {
    const refusal = addressRefusal(address, server.security, use, rules);
    if (refusal) throw new HostRefused(`${host} cannot be used. ${refusal.message}`);
  }
  return addresses;
}

const unencryptedOnlyLocal =
  "Without encryption the password and every message could be read on the way: only for a server on this machine.";

function addressRefusal(address: string, security: MailHost["security"], use: MailHostUse, rules: MailHostRules): Problem | undefined {
  const found = classifyAddress(address);
  const path = `${use.at}.host`;
  if (found === "never") return { path, message: "This address is not one that a mail server can have." };
  if (found !== "public" && !rules.allowPrivateHosts) {
    const message = "It is in a private network. The operator of this instance can allow that with ALLOW_PRIVATE_HOSTS=true.";
    return { path, message };
  }
  return security === "none" && found !== "loopback" ? { path: `${use.at}.security`, message: unencryptedOnlyLocal } : undefined;
}

const isThisMachine = (host: string): boolean => /(^|\.)localhost$/i.test(host) || classifyAddress(host) === "loopback";
