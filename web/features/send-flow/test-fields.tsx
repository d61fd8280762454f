import { Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Play, Send, Square } from "lucide-react";
import { useEffect, useState } from "react";
import type { FlowSummary } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import { Button } from "#ui/button.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { chosenContactsQuery, mostNamed } from "#web/entities/contacts/chosen-contacts-query.ts";
import { MyPhoneForm, myPhoneQuery } from "#web/entities/members/my-phone.tsx";
import { providersQuery } from "#web/entities/providers/provider-queries.ts";
import { channelsInTestMode } from "#web/entities/providers/test-mode.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import type { Audience } from "./audience.ts";
import { DryRun } from "./dry-run.tsx";
import { launchOfContact } from "./launch-of-contact.ts";
import { TestOnMe } from "./test-on-me.tsx";
import { useTestOnMe } from "./use-test-on-me.ts";

interface TestFieldsProps {
  flow: Pick<FlowSummary, "id" | "channels">;
  audience: Audience;
  launch: Launch | null;
  launchedFrom: string;
  disabled: boolean;
  /** Learns whether a test is under way that must stay on the screen. */
  onRunning: (running: boolean) => void;
}

/** Tries a flow for one of the chosen contacts: on who is signed in, or without anything that leaves. */
export function TestFields({ flow, audience, launch, launchedFrom, disabled, onRunning }: TestFieldsProps) {
  const { workspace, user } = useSession();
  const zone = workspace.timeZone;
  const contacts = useQuery(chosenContactsQuery(audience.selection));
  const [chosen, setChosen] = useState<string | null>(null);
  const contactId = chosen ?? contacts.data?.[0]?.id;
  const [keepsWaits, setKeepsWaits] = useState(false);
  const [skipWaits, setSkipWaits] = useState(true);
  const [shown, setShown] = useState<"me" | "dry" | null>(null);
  const onMe = useTestOnMe();
  const dry = useMutation({
    mutationFn: async (given: { contactId: string; launch: Launch }) => {
      const { executionId } = await api("createSend", {
        body: {
          sendId: crypto.randomUUID(),
          flowId: flow.id,
          selection: { type: "ids", ids: [given.contactId] },
          ...launchOfContact(given.launch, given.contactId),
          ...{ isTest: true, skipWaits, undoSeconds: 0, launchedFrom },
        },
      });
      if (executionId === null) throw new Error("The contact is not there any more.");
      return executionId;
    },
  });
  const sending = onMe.test !== null && onMe.test.phase !== "over";
  const running = sending || dry.isPending;
  useEffect(() => onRunning(running), [running, onRunning]);
  const asksPhone = flow.channels.includes("sms");
  const phone = useQuery({ ...myPhoneQuery, enabled: asksPhone });
  const [giving, setGiving] = useState(false);
  // They are read for the dialog all the same.
  const providers = useQuery(providersQuery);

  if (contacts.isError)
    return (
      <Flex p="3">
        <LoadError
          title="The contacts could not be loaded"
          error={contacts.error}
          onRetry={() => void contacts.refetch()}
          retrying={contacts.isRefetching}
        />
      </Flex>
    );
  const given = contactId === undefined || launch === null ? null : { contactId, launch };
  const lacksPhone = asksPhone && phone.data?.isProven === false;
  const tryOnMe = () => {
    if (!given) return;
    setShown("me");
    void onMe.start({ flowId: flow.id, contactId: given.contactId, ...launchOfContact(given.launch, given.contactId) }, keepsWaits);
  };
  const tryDry = () => {
    if (!given) return;
    setShown("dry");
    dry.mutate(given);
  };
  const to = [...(flow.channels.includes("email") ? [user.email] : []), ...(asksPhone && phone.data?.isProven ? [phone.data.phone] : [])];
  const kept = channelsInTestMode(flow.channels, providers.data?.items);
  const isOff = disabled || running || given === null;
  return (
    <Stack gap="4" px="3" py="3">
      {audience.total > 1 && (
        <SelectField
          label="As it is for"
          value={contactId ?? ""}
          onChange={setChosen}
          options={(contacts.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          {...(audience.total > mostNamed && { help: `The first ${mostNamed} of the chosen contacts.` })}
          disabled={disabled || running || contacts.isPending}
        />
      )}
      {launch === null && <Text textStyle="sm">Correct the values above first: the test uses them.</Text>}
      <Stack as="section" aria-label="Send to me" gap="2">
        <Flex gap="3" align="center" wrap="wrap">
          {sending ? (
            <Button size="sm" icon={Square} onClick={onMe.stop}>
              Stop
            </Button>
          ) : (
            <Button size="sm" icon={Send} onClick={tryOnMe} disabled={isOff || flow.channels.length === 0}>
              Send to me
            </Button>
          )}
          <Text flex="1" minW="48" textStyle="xs" color="fg.muted" overflowWrap="anywhere">
            {flow.channels.length === 0
              ? "This flow sends no messages."
              : `Each message, marked TEST, ${to.length > 0 ? `to ${to.join(" and ")}` : "to you"}. ${keepsWaits ? "Waits take as long as for a contact" : "Waits take at most 3 seconds"}, and the contact’s history stays as it is.`}
          </Text>
        </Flex>
        {flow.channels.length > 0 && (
          <Checkbox
            label="Shorten the waits"
            {...(keepsWaits && { help: "The test goes on while this is open. Closing it ends the test." })}
            checked={!keepsWaits}
            onChange={(shortens) => setKeepsWaits(!shortens)}
            disabled={disabled || running}
          />
        )}
        {asksPhone && phone.isError && (
          <LoadError
            title="Whether you have a telephone could not be loaded"
            error={phone.error}
            onRetry={() => void phone.refetch()}
            retrying={phone.isRefetching}
          />
        )}
        {lacksPhone && phone.data && (giving || phone.data.phone !== null) && (
          <MyPhoneForm
            known={phone.data}
            onCancel={phone.data.phone === null ? () => setGiving(false) : undefined}
            onProven={() => setGiving(false)}
          />
        )}
        {lacksPhone && phone.data?.phone === null && !giving && (
          <Flex gap="2" align="center" wrap="wrap" textStyle="xs" color="fg.muted">
            Its text messages need the number of your telephone.
            <Button size="xs" onClick={() => setGiving(true)} disabled={disabled}>
              Give your number…
            </Button>
          </Flex>
        )}
      </Stack>
      <Stack as="section" aria-label="Dry run" gap="2">
        <Flex gap="3" align="center" wrap="wrap">
          <Button size="sm" icon={Play} onClick={tryDry} disabled={isOff} busy={dry.isPending}>
            Dry run
          </Button>
          <Text flex="1" minW="48" textStyle="xs" color="fg.muted">
            Nothing leaves. The history keeps the run, marked as a test.
          </Text>
        </Flex>
        <Checkbox label="Skip the waits" checked={skipWaits} onChange={setSkipWaits} disabled={disabled || running} />
      </Stack>
      {shown === "me" && onMe.test && <TestOnMe test={onMe.test} kept={kept} zone={zone} onRetry={tryOnMe} />}
      {shown === "dry" && dry.isError && <RefusalNotice error={dry.error} title="The test did not begin" onRetry={tryDry} />}
      {shown === "dry" && dry.data && <DryRun key={dry.data} executionId={dry.data} zone={zone} />}
    </Stack>
  );
}
