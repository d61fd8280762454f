import type { Source } from "#contract/sends.ts";

/** Why a contact is in a flow, as the history words it. */
export function enrollmentReason({
  source,
  launchedFrom,
  launchedByName,
}: {
  source: Source;
  launchedFrom: string | null;
  launchedByName: string | null;
}): string {
  switch (source) {
    case "manual":
      return withDetail("Manual send", launchedFrom);
    case "bulk":
      return withDetail("Bulk send", launchedFrom);
    case "scheduled":
      return withDetail("Scheduled send", launchedFrom);
    case "api":
      return withDetail("API call", launchedByName);
    case "webhook":
      return withDetail("Webhook", launchedFrom);
    case "flow":
      return withDetail("Another flow", launchedFrom);
    case "trigger_workflow_task":
      return "Trigger.dev task";
  }
}

const withDetail = (words: string, detail: string | null): string => (detail ? `${words} (${detail})` : words);
