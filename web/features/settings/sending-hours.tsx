import { Box, Flex, Heading, Stack, Table, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CanaryRules } from "#contract/canary.ts";
import { type Hours, legalHours } from "#contract/legal-hours.ts";
import { plainAddress, type SendingRules } from "#contract/sending-rules.ts";
import { Button } from "#ui/button.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSession } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { sendingRulesQuery } from "#web/entities/workspace/sending-rules-query.ts";
import { api } from "#web/lib/api.ts";
import type { ApiError } from "#web/lib/api-error.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { CanaryRulesFields, type TypedCanaryRules } from "./canary-rules.tsx";
import { SaveButton } from "./save-button.tsx";

/** When and to whom messages may leave: hours, consent, limits for marketing, and the sandbox. */
export function SendingHours() {
  const rules = useQuery(sendingRulesQuery);
  if (rules.isError) return <LoadError error={rules.error} onRetry={() => rules.refetch()} retrying={rules.isFetching} />;
  if (!rules.data) return <SkeletonRows rows={4} columns={["40%", "30%"]} />;
  return <RulesForm key={JSON.stringify(rules.data)} stored={rules.data} />;
}

function RulesForm({ stored }: { stored: SendingRules }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [rules, setRules] = useState<Omit<SendingRules, "canary"> & { canary: TypedCanaryRules }>(stored);
  const canary = CanaryRules.safeParse(rules.canary).data;
  const [addresses, setAddresses] = useState(stored.sandbox.addresses.join("\n"));
  const next: SendingRules = {
    ...rules,
    canary: canary ?? stored.canary,
    sandbox: { ...rules.sandbox, addresses: addressesOf(addresses) },
  };
  const changed = !canary || JSON.stringify(next) !== JSON.stringify(stored);
  const save = useMutation<SendingRules, ApiError, SendingRules>({
    mutationFn: (body) => api("saveSendingRules", { body }),
    onSuccess: async (saved) => {
      client.setQueryData(sendingRulesQuery.queryKey, saved);
      await refreshSession(client);
      toast({ title: "Sending rules saved", status: "success" });
    },
  });
  const { quietHours, sandbox } = rules;
  const disabled = !can("admin");
  const hours = (change: Partial<SendingRules["quietHours"]>) => setRules({ ...rules, quietHours: { ...quietHours, ...change } });
  const also = (kind: "transactional" | "conversational", waits: boolean) =>
    hours({ also: waits ? [...quietHours.also, kind] : quietHours.also.filter((one) => one !== kind) });
  const problem = (path: string) => save.error?.problems?.find((one) => one.path === path)?.message;
  return (
    <Stack gap="6">
      <Stack gap="3">
        <Checkbox
          label="Marketing SMS wait for the hours of the place where the person lives"
          help="Place: the contact’s time zone, or else every zone in which the number may be. What waits is not lost: it leaves when the hours open."
          checked={quietHours.on}
          onChange={(on) => hours({ on })}
          disabled={disabled}
        />
        {quietHours.on ? (
          <>
            <Flex gap="4" wrap="wrap">
              <Box width="32">
                <TextField
                  label="From"
                  type="time"
                  value={quietHours.from}
                  onChange={(from) => hours({ from })}
                  disabled={disabled}
                  error={problem("quietHours.from")}
                />
              </Box>
              <Box width="32">
                <TextField
                  label="To"
                  type="time"
                  value={quietHours.to}
                  onChange={(to) => hours({ to })}
                  disabled={disabled}
                  error={problem("quietHours.to")}
                />
              </Box>
            </Flex>
            <Checkbox
              label="Service messages wait too"
              checked={quietHours.also.includes("transactional")}
              onChange={(waits) => also("transactional", waits)}
              disabled={disabled}
            />
            <Checkbox
              label="Answers wait too"
              help="What is written more than a day after the contact wrote always waits."
              checked={quietHours.also.includes("conversational")}
              onChange={(waits) => also("conversational", waits)}
              disabled={disabled}
            />
          </>
        ) : (
          <Notice status="warning">Marketing SMS leave at any hour of the night. In the United States that is not allowed.</Notice>
        )}
        <LegalTable />
      </Stack>
      <Stack gap="3">
        <Heading as="h3" textStyle="sm" fontWeight="600">
          Consent and limits
        </Heading>
        <Checkbox
          label="Marketing SMS need a recorded consent"
          help="Contacts of whom no consent is recorded get none. The step “Consent” of a flow records one. Service messages and answers are not concerned."
          checked={rules.smsConsent === "needed"}
          onChange={(needed) => setRules({ ...rules, smsConsent: needed ? "needed" : "not_needed" })}
          disabled={disabled}
        />
        <Flex gap="4" wrap="wrap">
          <NumberField
            label="Marketing messages per contact and day"
            min={1}
            max={1000}
            required={false}
            value={rules.marketingPerDay}
            onChange={(marketingPerDay) => setRules({ ...rules, marketingPerDay })}
            disabled={disabled}
            error={problem("marketingPerDay")}
            help="Empty: no limit of its own."
          />
          <NumberField
            label="Marketing messages per contact and week"
            min={1}
            max={1000}
            required={false}
            value={rules.marketingPerWeek}
            onChange={(marketingPerWeek) => setRules({ ...rules, marketingPerWeek })}
            disabled={disabled}
            error={problem("marketingPerWeek")}
            help="Empty: no limit of its own."
          />
        </Flex>
      </Stack>
      <Stack gap="3">
        <Heading as="h3" textStyle="sm" fontWeight="600">
          Sandbox
        </Heading>
        <Checkbox
          label="Write to these addresses only"
          help="For trying flows with real providers. Everybody else is skipped, and a banner says so on every page."
          checked={sandbox.on}
          onChange={(on) => setRules({ ...rules, sandbox: { ...sandbox, on } })}
          disabled={disabled}
        />
        {sandbox.on && (
          <TextAreaField
            label="Allowed addresses"
            placeholder={"+1 415 555 0100\nme@example.com"}
            mono
            rows={3}
            value={addresses}
            onChange={setAddresses}
            error={problem("sandbox.addresses")}
            help="Phone numbers with their country code, and e-mail addresses, one in each line."
          />
        )}
      </Stack>
      <CanaryRulesFields
        value={rules.canary}
        onChange={(typed) => setRules({ ...rules, canary: typed })}
        problem={problem}
        disabled={disabled}
      />
      {disabled ? (
        <Notice status="info">Admins and owners change these rules.</Notice>
      ) : (
        <>
          <FormError
            error={save.error}
            shownAt={[
              ...["quietHours.from", "quietHours.to", "marketingPerDay", "marketingPerWeek", "sandbox.addresses"],
              ...Object.keys(rules.canary).map((name) => `canary.${name}`),
            ]}
          />
          <Flex gap="2">
            <SaveButton busy={save.isPending} changed={changed} disabled={!changed || !canary} onClick={() => save.mutate(next)}>
              Save sending rules
            </SaveButton>
            {changed && (
              <Button
                onClick={() => {
                  setRules(stored);
                  setAddresses(stored.sandbox.addresses.join("\n"));
                }}
              >
                Undo
              </Button>
            )}
          </Flex>
        </>
      )}
    </Stack>
  );
}

/** Blanks inside a phone number are how people write it, not part of it. */
const addressesOf = (text: string): string[] =>
  text
    .split(/[\n,;]/)
    .map(plainAddress)
    .filter((line) => line !== "");

const hoursWords = (hours: Hours | null) => (hours ? `${hours[0]} to ${hours[1]}` : "not at all");

/** The laws that narrow the hours, each with where it is from. */
function LegalTable() {
  return (
    <Box as="details">
      <Box as="summary" cursor="pointer" textStyle="sm" fontWeight="500">
        Hours that the law adds ({legalHours.length} rules, in the United States)
      </Box>
      <Text color="fg.muted" textStyle="xs" my="2">
        Applied by the number’s area code, on the person’s clock, whatever the hours above say. Not legal advice: the rows of states are
        from lists of vendors and wait to be confirmed by counsel.
      </Text>
      <Box overflowX="auto" borderWidth="1px" borderRadius="l2" tabIndex={0} role="region" aria-label="Hours by law">
        <Table.Root size="sm" minW="40rem">
          <Table.Header>
            <Table.Row>
              {["Place", "Monday to Friday", "Saturday", "Sunday", "Source", "Looked at"].map((title) => (
                <Table.ColumnHeader key={title}>{title}</Table.ColumnHeader>
              ))}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {legalHours.map((law) => (
              <Table.Row key={law.place}>
                <Table.Cell fontWeight="500">{law.place}</Table.Cell>
                <Table.Cell>{hoursWords(law.weekdays)}</Table.Cell>
                <Table.Cell>{hoursWords(law.saturday)}</Table.Cell>
                <Table.Cell>{hoursWords(law.sunday)}</Table.Cell>
                <Table.Cell color="fg.muted">{law.source}</Table.Cell>
                <Table.Cell color="fg.muted" whiteSpace="nowrap">
                  {law.checked}
                </Table.Cell>
              </Table.Row>
            ))}
          </Table.Body>
        </Table.Root>
      </Box>
    </Box>
  );
}
