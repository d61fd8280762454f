import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";

/** The settings page gives this to the fields of a provider. */
export interface ProviderFieldsProps<Values> {
  values: Values;
  set: <Name extends keyof Values & string>(name: Name, value: Values[Name]) => void;
  /** The problem at a path of the request, such as "settings.host" or the name of a secret. */
  problem: (path: string) => string | undefined;
  stored: StoredSecrets;
}

/** The form knows this of the secrets that are stored for its provider. */
export interface StoredSecrets {
  hasSecret: boolean;
  /** The last characters of those that show them, by name. */
  ends: Readonly<Record<string, string>>;
}

/** A provider's settings as a form. The page owns the values, their check and the request; this owns the fields. */
export interface ProviderForm<Values extends object> {
  /** From the stored settings, undefined where another provider was in use. A secret never comes to the browser. */
  initial(settings: unknown, stored: StoredSecrets): Values;
  /** The settings and, beside them, the secrets of the request. A secret that is left out stays as it is stored. */
  toInput(values: Values): { settings: Record<string, unknown> } & Record<string, unknown>;
  Fields: ComponentType<ProviderFieldsProps<Values>>;
  /** The paths whose problems the fields show. */
  shownAt: string[];
  /** The button that begins to use this provider, and the one that changes settings in use. */
  words: { use: string; save: string };
}

/** How a provider looks on the settings page. */
export interface ProviderLook {
  Icon: LucideIcon;
  /** Loads the form; null for a provider that needs no settings. */
  // biome-ignore lint/suspicious/noExplicitAny: every form has values of its own, which only the form itself reads.
  loadForm: (() => Promise<ProviderForm<any>>) | null;
}
