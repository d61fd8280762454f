import { Flex, Icon, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Hourglass } from "lucide-react";
import { type CanaryRules, canaryBounds } from "#contract/canary.ts";
import { fewOf } from "#contract/send-canary.ts";
import { Button } from "#ui/button.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { sendingRulesQuery } from "#web/entities/workspace/sending-rules-query.ts";
import { problemOfMinutes, type TypedCanary } from "./typed-canary.ts";

interface TryFirstProps {
  total: number;
  /** Null: all begin at once. */
  value: TypedCanary | null;
  onChange: (value: TypedCanary | null) => void;
  disabled: boolean;
}

/** Whether a send begins with a few. There is nothing to choose where there are no more contacts than these. */
export function TryFirst({ total, value, onChange, disabled }: TryFirstProps) {
  const { data: rules } = useQuery(sendingRulesQuery);
  if (!rules || (value === null && total <= rules.canary.contacts)) return null;
  // What a saved launch says stays what it says, whatever the workspace has set since.
  const contacts = value?.contacts ?? rules.canary.contacts;
  const percent = value?.percent ?? rules.canary.percent;
  const minutes = value?.minutes === undefined ? rules.canary.minutes : value.minutes;
  const problem = problemOfMinutes(value?.minutes);
  const also = value?.minutes === undefined ? {} : { minutes };
  const ofPercent = fewOf({ contacts: null, percent }, total);
  return (
    <Stack gap="2" mt="4">
      <Checkbox
        label="Try with a few first"
        help="They are picked from all over the selection. The rest waits and follows by itself if they went well."
        checked={value !== null}
        onChange={(checked) => onChange(checked ? { contacts } : null)}
        disabled={disabled}
      />
      {value && (
        <Stack gap="2" ps="6">
          <SegmentedField
            label="How many"
            value={value.percent === undefined ? "contacts" : "percent"}
            onChange={(which) => onChange({ ...also, ...(which === "contacts" ? { contacts } : { percent }) })}
            options={[
              { value: "contacts", label: plural(contacts, "contact") },
              { value: "percent", label: `${percent} % (${plural(ofPercent, "contact")})` },
            ]}
            disabled={disabled}
          />
          <NumberField
            label="Minutes to watch them"
            value={minutes}
            onChange={(next) => onChange({ ...value, minutes: next })}
            min={canaryBounds.minutes.least}
            max={canaryBounds.minutes.most}
            error={problem}
            disabled={disabled}
          />
          {minutes !== null && problem === undefined && (
            <Text textStyle="xs" color="fg.muted">
              {followWords({ ...rules.canary, minutes })}
            </Text>
          )}
        </Stack>
      )}
    </Stack>
  );
}

/** Offers it, in one line with one press, where a send goes to many; says so where it was taken. */
export function TryFirstOffer({ total, value, onChange, disabled }: TryFirstProps) {
  const { data: rules } = useQuery(sendingRulesQuery);
  if (!rules || (value === null && total <= Math.max(rules.canary.contacts, rules.canary.suggestAbove))) return null;
  const percent = value?.percent ?? null;
  const few = fewOf({ contacts: percent === null ? (value?.contacts ?? rules.canary.contacts) : null, percent }, total);
  const minutes = value?.minutes ?? rules.canary.minutes;
  if (problemOfMinutes(value?.minutes) !== undefined) return null;
  return (
    <Flex gap="2" align="flex-start" textStyle="sm">
      <Icon boxSize="4" mt="1" color="fg.muted" flexShrink={0}>
        <Hourglass aria-hidden />
      </Icon>
      <Text flex="1" minW="0" role={value ? "status" : undefined} mt="0.5">
        {value ? firstWords(few, total, minutes) : `${formatCount(total)} contacts are many. A few could get it first.`}
      </Text>
      <Button size="xs" onClick={() => onChange(value ? null : { contacts: rules.canary.contacts })} disabled={disabled}>
        {value ? "All at once" : `Try with ${formatCount(few)} first`}
      </Button>
    </Flex>
  );
}

const firstWords = (few: number, total: number, minutes: number): string =>
  few >= total
    ? `There are no more contacts than the ${formatCount(few)} who would get it first, so all begin at once.`
    : `${formatCount(few)} of ${formatCount(total)} get it first; the rest ${plural(minutes, "minute")} later, if they went well.`;

/** When the rest follows: "The rest follows 15 minutes after …". */
const followWords = ({
  minutes,
  failurePercent,
  optOutPercent,
}: Pick<CanaryRules, "minutes" | "failurePercent" | "optOutPercent">): string =>
  `The rest follows ${plural(minutes, "minute")} after their first messages, if at most ${failurePercent} % fail, at most ${optOutPercent} % opt out and nobody writes a stop word. Otherwise it is held until somebody decides.`;
