import type { FirstStep } from "#contract/first-steps.ts";
import type { Workspace } from "#contract/people.ts";
import { countryOptions } from "#web/lib/countries.ts";

export interface StepWords {
  title: string;
  text: string;
  /** Where it is done. */
  link: { to: "/settings/workspace" | "/settings/channels" | "/contacts"; search?: { new: string }; label: string };
  /** Says that a value which was set from the beginning is right. */
  confirm?: { step: "country" | "timeZone"; label: string };
}

const countryName = (code: string): string => countryOptions().find(({ value }) => value === code)?.label ?? code;
const zoneName = (zone: string): string => zone.replaceAll("_", " ");

export const stepWords: Record<FirstStep, (workspace: Workspace) => StepWords> = {
  country: ({ country }) => ({
    title: "Country",
    text: `A phone number without a country code is read as a number of ${countryName(country)}.`,
    link: { to: "/settings/workspace", label: "Change" },
    confirm: { step: "country", label: `Keep ${countryName(country)}` },
  }),
  timeZone: ({ timeZone }) => ({
    title: "Time zone",
    text: `Times are shown in ${zoneName(timeZone)}, and messages wait by it.`,
    link: { to: "/settings/workspace", label: "Change" },
    confirm: { step: "timeZone", label: `Keep ${zoneName(timeZone)}` },
  }),
  channel: () => ({
    title: "A channel that really sends",
    text: "Until a provider is set up, every message stays on this machine.",
    link: { to: "/settings/channels", label: "Set up a channel" },
  }),
  contact: () => ({
    title: "First contact",
    text: "Add somebody you may write to, or import a file.",
    link: { to: "/contacts", search: { new: "1" }, label: "Add contact" },
  }),
  test: () => ({
    title: "Test message to yourself",
    text: "Send a test message from the channel's settings. It counts once a provider that really sends has taken it.",
    link: { to: "/settings/channels", label: "Send a test message" },
  }),
};
