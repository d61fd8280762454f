import { isIP, isIPv6 } from "node:net";
import type { Problem } from "#contract/api-errors.ts";
import { classifyAddress } from "../../address-class.ts";
import type { HostAddress, LookUp } from "../../host-look-up.ts";
import { bareHost, HostRefused, systemLookUp } from "../../host-look-up.ts";
import type { SmtpSettings } from "./settings.ts";

/** What the operator of the instance allows; a workspace cannot widen it. */
export interface SmtpHostRules {
  /** Also hosts of the private network and of this machine. */
  allowPrivateHosts: boolean;
  /** Ports besides those that mail uses. */
  extraPorts: readonly number[];
}

const mailPorts: readonly number[] = [25, 465, 587, 2525];

/** What can be said of the settings without asking DNS; all of it. Paths are those of the provider's request. */
export function smtpHostProblems(settings: SmtpSettings, rules: SmtpHostRules): Problem[] {
  const problems: Problem[] = [];
  const host = bareHost(settings.host);
  // Mail catchers of developers listen where they like, on the machine itself.
  const isCatcher = rules.allowPrivateHosts && settings.port >= 1024 && isThisMachine(host);
  if (!isCatcher && !mailPorts.includes(settings.port) && !rules.extraPorts.includes(settings.port)) {
    const allowed = [...mailPorts, ...rules.extraPorts].join(", ");
    problems.push({ path: "settings.port", message: `Port ${settings.port} is not a mail port. Allowed are ${allowed}.` });
  }
  if (/[\s/@?#%:]/.test(isIPv6(host) ? "" : host) || host === "") {
    problems.push({ path: "settings.host", message: "The host is a name or an address only, such as smtp.example.com" });
  } else if (isIP(host) !== 0) {
    const refusal = addressRefusal(host, settings.security, rules);
    if (refusal) problems.push(refusal);
  } else if (settings.security === "none" && !isThisMachine(host)) {
    problems.push({ path: "settings.security", message: unencryptedOnlyLocal });
  }
  return problems;
}

/**
 * The addresses to connect to, every one of them checked. The caller connects to these and asks DNS no second time, so
 * an answer that changes in between changes nothing. One bad answer among good ones refuses the host.
 */
export async function resolveSmtpHost(settings: SmtpSettings, rules: SmtpHostRules, lookUp: LookUp = systemLookUp): Promise<HostAddress[]> {
  const [problem] = smtpHostProblems(settings, rules);
  if (problem) throw new HostRefused(problem.message);
  const host = bareHost(settings.host);
  const family = isIP(host);
  // Names that look like numbers (127.1, 0x7f000001) are no literals to Node; the resolver turns them into one.
  const addresses = family === 0 ? await lookUp(host) : [{ address: host, family: family as 4 | 6 }];
  for (const { address } of addresses) {
    const refusal = addressRefusal(address, settings.security, rules);
    if (refusal) throw new HostRefused(`${host} cannot be used. ${refusal.message}`);
  }
  return addresses;
}

const unencryptedOnlyLocal =
  "Without encryption the password and every message could be read on the way: only for a server on this machine.";

function addressRefusal(address: string, security: SmtpSettings["security"], rules: SmtpHostRules): Problem | undefined {
  const found = classifyAddress(address);
  if (found === "never") return { path: "settings.host", message: "This address is not one that a mail server can have." };
  if (found !== "public" && !rules.allowPrivateHosts) {
    const message = "It is in a private network. The operator of this instance can allow that with ALLOW_PRIVATE_HOSTS=true.";
    return { path: "settings.host", message };
  }
  return security === "none" && found !== "loopback" ? { path: "settings.security", message: unencryptedOnlyLocal } : undefined;
}

const isThisMachine = (host: string): boolean => /(^|\.)localhost$/i.test(host) || classifyAddress(host) === "loopback";
