import { isIP, isIPv6 } from "node:net";
import type { Problem } from "#contract/api-errors.ts";
import { classifyAddress } from "../../address-class.ts";
import type { HostAddress, LookUp } from "../../host-look-up.ts";
import { bareHost, HostRefused, systemLookUp } from "../../host-look-up.ts";
import type { SmtpSettings } from "./settings.ts";

/** The hosts that the operator of the instance allows. A workspace cannot widen this. */
export interface SmtpHostRules {
  /** Hosts of the private network and of this machine are allowed too. */
  allowPrivateHosts: boolean;
  /** Allowed ports besides those that mail uses. */
  extraPorts: readonly number[];
}

const mailPorts: readonly number[] = [25, 465, 587, 2525];

/** Every problem of the settings that can be found without asking DNS. Paths are those of the request. */
export function smtpHostProblems(settings: SmtpSettings, rules: SmtpHostRules): Problem[] {
  const problems: Problem[] = [];
  const host = bareHost(settings.host);
  // Developers run mail catchers on their own machine, on any port.
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
 * The addresses of the host, all of them checked. The caller connects to these and does not ask DNS again, so a later
 * answer of DNS has no effect. One refused address among allowed ones refuses the host.
 * @throws HostRefused
 */
export async function resolveSmtpHost(settings: SmtpSettings, rules: SmtpHostRules, lookUp: LookUp = systemLookUp): Promise<HostAddress[]> {
  const [problem] = smtpHostProblems(settings, rules);
  if (problem) throw new HostRefused(problem.message);
  const host = bareHost(settings.host);
  const family = isIP(host);
  // Node does not treat names that look like numbers (127.1, 0x7f000001) as addresses; the resolver turns them into one.
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
