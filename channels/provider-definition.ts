import type { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";

/** Receivers of e-mail look these names of a provider up in DNS. */
export interface SendingDomainFacts {
  /** The domain of the sender, in lower case. */
  domain: string;
  /** Where the servers that send are named (SPF), and what must be named; null where the provider keeps that record itself. */
  spf: { at: string; include?: string } | null;
  /** The selectors under which the keys stand (DKIM); empty where nobody has said. */
  dkim: string[];
  /** The place that shows the keys, as in "enter the record as … shows it". */
  keeper: string;
  /** The domains that receive what comes back. */
  receives: string[];
}

/** The host rules that the operator of the instance sets; a workspace cannot widen them. */
export interface OperatorRules {
  /** Hosts of the private network and of this machine are allowed too. */
  allowPrivateHosts: boolean;
  /** Ports that a mail server may have besides the usual ones. */
  extraMailPorts: readonly number[];
  /** Where the API of a provider is reached instead of its own address, by the provider's name. */
  providerUrls?: Readonly<Record<string, string>>;
}

/**
 * New settings with the secrets that came with them, and what is stored at the moment. A secret that did not come stays as it
 * is stored: `stored.secrets` names those of this provider that are, so that one that is needed and not there can be asked for.
 */
export interface SecretChange<Settings, Secrets> {
  settings: Settings;
  secrets: Secrets;
  stored: { settings: unknown; hasSecret: boolean; secrets: readonly string[] };
}

/**
 * The description of a provider, without the code that sends. The browser loads this, so it imports zod and the contract only.
 * Other code asks for these properties and never compares a provider's name.
 */
export interface ProviderDefinition<Settings extends z.ZodObject = z.ZodObject, Secrets extends z.ZodObject = z.ZodObject> {
  /** As the settings page offers it. */
  label: string;
  description: string;
  /** Messages are kept on this machine and reach nobody. */
  staysHere: boolean;
  /** Completes "It is sent through …"; for a provider that stays here it is never shown. */
  way: string;
  /** Names that earlier versions stored. They are read as this provider and never written. */
  previousNames?: readonly string[];
  /** Strict; no fields for a provider that needs no settings. */
  settings: Settings;
  /** Strict, every field an optional string. They are stored encrypted and never shown again. */
  secrets: Secrets;
  /** The settings in use in a few words, such as "smtp.example.com:587". */
  summary?(settings: z.output<Settings>): string;
  /** The secrets of which the last four characters are shown, so that people can tell which one is stored. */
  shownEnds?: readonly (keyof z.output<Secrets> & string)[];
  /** For a provider of e-mail that leaves this machine: what of its sender can be looked up. */
  sendingDomain?(settings: z.output<Settings>): SendingDomainFacts;
  /** It calls us. How to enter our address there, in sentences for a person. */
  callsUs?: string;
  /** The account that the settings mean. Late calls of one that was replaced are taken for a while. Absent where nobody calls us. */
  accountOf?(settings: z.output<Settings>): string;
  /** Whether the settings go with secrets, or with which of them. The others are forgotten. Absent: with none. */
  usesSecrets?(settings: z.output<Settings>): boolean | readonly string[];
  /** Earlier versions had this secret only, and stored it as it is. It is read so, and written so where it is alone. */
  secretStoredAlone?: keyof z.output<Secrets> & string;
  /** Everything wrong with the secrets of a request; paths are those of the request. */
  secretProblems?(change: SecretChange<z.output<Settings>, z.output<Secrets>>): Problem[];
}

/** Whether the settings of a provider name a mailbox in which reports and answers arrive: it stands under this name in all of them. */
export const namesMailbox = (settings: Readonly<Record<string, unknown>>): boolean => settings.mailbox !== undefined;

/** Keeps the exact types of both schemas. */
export const defineProvider = <Settings extends z.ZodObject, Secrets extends z.ZodObject>(
  definition: ProviderDefinition<Settings, Secrets>,
): ProviderDefinition<Settings, Secrets> => definition;
