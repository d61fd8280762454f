import { Flex, Icon, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Hourglass } from "lucide-react";
import type { CanaryRequest, CanaryRules } from "#contract/canary.ts";
import { fewOf } from "#contract/send-canary.ts";
import { Button } from "#ui/button.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { sendingRulesQuery } from "#web/entities/workspace/sending-rules-query.ts";

interface TryFirstProps {
  total: number;
  /** Null: all begin at once. */
  value: CanaryRequest | null;
  onChange: (value: CanaryRequest | null) => void;
  disabled: boolean;
}

/** Whether a send begins with a few. There is nothing to choose where there are no more contacts than these. */
export function TryFirst({ total, value, onChange, disabled }: TryFirstProps) {
  const { data: rules } = useQuery(sendingRulesQuery);
  if (!rules || total <= rules.canary.contacts) return null;
  const { contacts, percent } = rules.canary;
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
        <>
          <SegmentedField
            label="How many"
            value={value.percent === undefined ? "contacts" : "percent"}
            onChange={(which) => onChange(which === "contacts" ? { contacts } : { percent })}
            options={[
              { value: "contacts", label: plural(contacts, "contact") },
              { value: "percent", label: `${percent} % (${plural(ofPercent, "contact")})` },
            ]}
            disabled={disabled}
          />
          <Text textStyle="xs" color="fg.muted">
            {followWords(rules.canary)}
          </Text>
        </>
      )}
    </Stack>
  );
}

/** Offers it, in one line with one press, where a send goes to many; says so where it was taken. */
export function TryFirstOffer({ total, value, onChange, disabled }: TryFirstProps) {
  const { data: rules } = useQuery(sendingRulesQuery);
  if (!rules || total <= rules.canary.contacts || (value === null && total <= rules.canary.suggestAbove)) return null;
  const few = fewOf({ contacts: value?.contacts ?? (value ? null : rules.canary.contacts), percent: value?.percent ?? null }, total);
  return (
    <Flex gap="2" align="flex-start" textStyle="sm">
      <Icon boxSize="4" mt="1" color="fg.muted" flexShrink={0}>
        <Hourglass aria-hidden />
      </Icon>
      <Text flex="1" minW="0" role={value ? "status" : undefined} mt="0.5">
        {value
          ? `${formatCount(few)} of ${formatCount(total)} get it first; the rest ${plural(rules.canary.minutes, "minute")} later, if they went well.`
          : `${formatCount(total)} contacts are many. A few could get it first.`}
      </Text>
      <Button size="xs" onClick={() => onChange(value ? null : { contacts: rules.canary.contacts })} disabled={disabled}>
        {value ? "All at once" : `Try with ${formatCount(few)} first`}
      </Button>
    </Flex>
  );
}

/** When the rest follows: "The rest follows 15 minutes after …". */
const followWords = ({ minutes, failurePercent, optOutPercent }: CanaryRules): string =>
  `The rest follows ${plural(minutes, "minute")} after their first messages, if at most ${failurePercent} % fail, at most ${optOutPercent} % opt out and nobody writes a stop word. Otherwise it is held until somebody decides.`;
