import { type LeadStatus, type StatusColor, statusNamed } from "#contract/lead-statuses.ts";

/** A dot in the colour of a status. A value that is not in the list has a ring. */
export function StatusDot({ color }: { color: StatusColor | null }) {
  const tone = `var(--chakra-colors-${color === null ? "fg-subtle" : `dot-${color}`})`;
  return (
    <span
      aria-hidden
      style={{
        display: "inline-block",
        flexShrink: 0,
        width: 8,
        height: 8,
        borderRadius: 8,
        marginInlineEnd: 6,
        border: `1.5px solid ${tone}`,
        background: color === null ? "transparent" : tone,
      }}
    />
  );
}

/** A contact's lead status with the colour of the list. */
export function LeadStatusMark({ value, statuses }: { value: string | null; statuses: readonly LeadStatus[] }) {
  if (!value) return <span style={{ color: "var(--chakra-colors-fg-subtle)" }}>–</span>;
  return (
    <span className="text" title={value}>
      <StatusDot color={statusNamed(statuses, value)?.color ?? null} />
      {value}
    </span>
  );
}
