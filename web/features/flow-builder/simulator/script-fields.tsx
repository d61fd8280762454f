import { Flex, Stack, Text } from "@chakra-ui/react";
import { Plus, X } from "lucide-react";
import type { FlowNode } from "#contract/flows.ts";
import type { WebhookSample } from "#contract/webhook-trials.ts";
import { Button } from "#ui/button.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { isolated, zoneName } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { ContactChoice } from "#web/entities/contacts/contact-choice.tsx";
import { ValueControl } from "#web/entities/flows/value-control.tsx";
import { stepName } from "../outline/step-name.ts";
import { parseAnswer } from "../panel/preview/parse-answer.ts";
import { type AnswerKind, choicesOf, type ScriptDraft, type ScriptProblems } from "./script.ts";

interface ScriptFieldsProps {
  draft: ScriptDraft;
  onChange: (draft: ScriptDraft) => void;
  problems: ScriptProblems;
  nodes: readonly FlowNode[];
  zone: string;
  /** The last answers to webhooks that were tried. */
  kept: readonly WebhookSample[];
}

/** Shows who goes through the flow, when, and what happens meanwhile. */
export function ScriptFields({ draft, onChange, problems, nodes, zone, kept }: ScriptFieldsProps) {
  const set = (change: Partial<ScriptDraft>) => onChange({ ...draft, ...change });
  const setTyped = (change: Partial<ScriptDraft["typed"]>) => set({ typed: { ...draft.typed, ...change } });
  const { inputs, webhooks, splits } = choicesOf(nodes);
  return (
    <Stack gap="4">
      <SegmentedField
        label="Who"
        value={draft.who}
        onChange={(who) => set({ who })}
        options={[
          { value: "contact", label: "A contact" },
          { value: "typed", label: "Somebody made up" },
        ]}
      />
      {draft.who === "contact" ? (
        <div>
          <ContactChoice label="Contact" placeholder="Name, number or address" onChange={(contactId) => set({ contactId })} />
          {problems.contact && (
            <Text role="alert" textStyle="sm" color="fg.error" mt="1">
              {problems.contact}
            </Text>
          )}
        </div>
      ) : (
        <Stack gap="3">
          <Flex gap="3">
            <TextField label="First name" value={draft.typed.firstname} onChange={(firstname) => setTyped({ firstname })} />
            <TextField label="Last name" value={draft.typed.lastname} onChange={(lastname) => setTyped({ lastname })} />
          </Flex>
          <TextField
            label="Phone number"
            type="tel"
            value={draft.typed.phoneNumber}
            onChange={(phoneNumber) => setTyped({ phoneNumber })}
          />
          <TextField label="E-mail" type="email" value={draft.typed.email} onChange={(email) => setTyped({ email })} />
        </Stack>
      )}
      <TextField
        label="Enters the flow"
        type="datetime-local"
        help={`Left empty: now. Clock of ${zoneName(zone)}.`}
        value={draft.startAt}
        onChange={(startAt) => set({ startAt })}
        error={problems.startAt}
      />
      {inputs.map((input) => (
        <ValueControl
          key={input.name}
          input={input}
          label={input.label}
          help={input.type === "contact_field" ? "The name of a field of the contact, such as firstname." : input.help}
          value={draft.values[input.name] ?? ""}
          onChange={(value) => set({ values: { ...draft.values, [input.name]: value } })}
          error={problems.values?.[input.name]}
          disabled={false}
          {...(input.default === undefined && { placeholder: "A sample" })}
        />
      ))}
      {splits.map(({ node, shares }) => (
        <SelectField
          key={node.id}
          label={`Way at “${isolated(stepName(node))}”`}
          value={draft.shares[node.id] ?? "chance"}
          onChange={(share) => set({ shares: { ...draft.shares, [node.id]: share } })}
          options={[
            { value: "chance", label: "As it would be drawn" },
            ...shares.map(({ id, label }) => ({ value: id, label: label || id })),
          ]}
        />
      ))}
      {webhooks.map((node) => (
        <Stack key={node.id} gap="2">
          <SelectField<AnswerKind>
            label={`Answer to “${isolated(stepName(node))}”`}
            value={draft.answers[node.id] ?? "success"}
            onChange={(answer) => set({ answers: { ...draft.answers, [node.id]: answer } })}
            options={[
              { value: "success", label: "Success" },
              { value: "error", label: "An error (500)" },
              { value: "timeout", label: "No answer in time" },
            ]}
          />
          {(draft.answers[node.id] ?? "success") === "success" && (
            <>
              <TextAreaField
                label="The answer, as JSON"
                rows={3}
                value={draft.samples[node.id] ?? ""}
                onChange={(sample) => set({ samples: { ...draft.samples, [node.id]: sample } })}
                error={problems.samples?.[node.id]}
              />
              <LastAnswer
                of={kept.find(({ nodeId }) => nodeId === node.id)}
                shown={draft.samples[node.id] ?? ""}
                onTake={(sample) => set({ samples: { ...draft.samples, [node.id]: sample } })}
              />
            </>
          )}
        </Stack>
      ))}
      <Happenings draft={draft} set={set} />
    </Stack>
  );
}

/** Puts the answer that came when the step was tried in the place of what is typed. */
function LastAnswer({ of, shown, onTake }: { of: WebhookSample | undefined; shown: string; onTake: (sample: string) => void }) {
  const isUsable = of !== undefined && !of.isCut && of.status < 300 && parseAnswer(of.body) !== undefined;
  if (!isUsable || shown === of.body) return null;
  return (
    <Flex>
      <Button size="xs" onClick={() => onTake(of.body)}>
        Take the answer of the last try
      </Button>
    </Flex>
  );
}

const day = 86_400;

/** What the contact does while it is in the flow. */
function Happenings({ draft, set }: { draft: ScriptDraft; set: (change: Partial<ScriptDraft>) => void }) {
  const put = (index: number, event: ScriptDraft["events"][number]) => set({ events: draft.events.with(index, event) });
  return (
    <Stack as="fieldset" gap="2">
      <Text as="legend" textStyle="label" mb="1">
        Meanwhile
      </Text>
      {draft.events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two of them may be the same.
        <Flex key={index} gap="2" align="flex-end">
          <TextField
            label="After days"
            value={String(event.afterSeconds / day)}
            onChange={(text) => {
              const days = Number(text);
              if (Number.isFinite(days) && days >= 0 && days <= 366) put(index, { ...event, afterSeconds: Math.round(days * day) });
            }}
          />
          {event.type === "stop" ? (
            <SelectField
              label="STOP to"
              value={event.channel}
              onChange={(channel) => put(index, { ...event, channel })}
              options={[
                { value: "sms", label: "SMS" },
                { value: "email", label: "E-mail" },
                { value: "all", label: "Everything" },
              ]}
            />
          ) : event.type === "reply" ? (
            <>
              <TextField label="The contact replies" value={event.text} onChange={(text) => put(index, { ...event, text })} />
              <SelectField
                label="By"
                value={event.channel}
                onChange={(channel) => put(index, { ...event, channel })}
                options={[
                  { value: "sms", label: "SMS" },
                  { value: "email", label: "E-mail" },
                ]}
              />
            </>
          ) : (
            <TextField
              label="Lead status becomes"
              value={event.leadStatus}
              onChange={(leadStatus) => put(index, { ...event, leadStatus })}
            />
          )}
          <IconButton icon={X} label="Take this out" onClick={() => set({ events: draft.events.toSpliced(index, 1) })} />
        </Flex>
      ))}
      <Flex gap="2" wrap="wrap">
        <Button
          size="sm"
          onClick={() => set({ events: [...draft.events, { type: "reply", channel: "sms", text: "Yes", afterSeconds: 3_600 }] })}
        >
          <Plus aria-hidden /> Reply
        </Button>
        <Button size="sm" onClick={() => set({ events: [...draft.events, { type: "stop", channel: "sms", afterSeconds: day }] })}>
          <Plus aria-hidden /> STOP
        </Button>
        <Button size="sm" onClick={() => set({ events: [...draft.events, { type: "change", leadStatus: "", afterSeconds: day }] })}>
          <Plus aria-hidden /> Change of status
        </Button>
      </Flex>
    </Stack>
  );
}
