import { Text } from "@chakra-ui/react";
import type { InstanceEvent } from "#contract/instance.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { Row, Rows, Section } from "./section.tsx";

export function InstanceEvents({ events }: { events: InstanceEvent[] }) {
  return (
    <Section title="Latest changes" lead="What was done to this instance, newest first.">
      {events.length === 0 ? (
        <Text textStyle="sm" color="fg.muted">
          Nothing yet.
        </Text>
      ) : (
        <Rows label="Latest changes">
          {events.map((event) => (
            <Row key={event.id}>
              <Text textStyle="sm">{describeEvent(event)}</Text>
              <Text textStyle="xs" color="fg.muted">
                {event.actorName ?? "Unknown"} · <RelativeTime at={event.at} />
              </Text>
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
}

function describeEvent({ action, subjectName, details }: InstanceEvent): string {
  const subject = subjectName ?? "An account";
  switch (action) {
    case "instance.claim":
      return "Claimed this instance";
    case "instance.add_admin":
      return `Made ${subject} an instance admin`;
    case "instance.remove_admin":
      return `Removed ${subject} as instance admin`;
    case "instance.release_sending":
      return "Allowed this restored copy to send";
    case "instance.update":
      return details.membersMayCreateWorkspaces
        ? "Allowed members to create workspaces"
        : "Allowed only instance admins to create workspaces";
    default:
      return action;
  }
}
