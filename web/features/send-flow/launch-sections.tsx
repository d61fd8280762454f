import { Suspense } from "react";
import { canaryBounds } from "#contract/canary.ts";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { tomorrowAtNine } from "#web/entities/schedule/zoned-time.ts";
import type { Audience } from "./audience.ts";
import { CollisionsSection } from "./collisions-section.tsx";
import { HistorySection } from "./history-section.tsx";
import { NotLaterThan } from "./not-later-than.tsx";
import { TestSection } from "./test-section.tsx";
import type { TypedCanary } from "./typed-canary.ts";
import type { LaunchForm } from "./use-launch-form.ts";
import { WhenSection } from "./when-section.tsx";
import { readWhoNot } from "./who-not.ts";
import { WhoNotSection } from "./who-not-section.tsx";

const SaveLaunch = lazyLater(async () => (await import("./save-launch.tsx")).SaveLaunch);
const TryFirst = lazyLater(async () => (await import("./try-first.tsx")).TryFirst);
const TryFirstOffer = lazyLater(async () => (await import("./try-first.tsx")).TryFirstOffer);
const ValuesSection = lazyLater(async () => (await import("./values-section.tsx")).ValuesSection);

/** A person who sends to few is offered nothing, and nothing is asked for them. */
const mayBeOffered = (total: number, chosen: TypedCanary | null): boolean => chosen !== null || total > canaryBounds.suggestAbove.least;

/** Whether there are more contacts than the few. How many these are by the settings of the workspace is not known here. */
const beginsWithFew = (chosen: TypedCanary | null, total: number): boolean => chosen !== null && total > (chosen.contacts ?? 1);

interface LaunchSectionsProps {
  form: LaunchForm;
  flowId: string;
  audience: Audience;
  /** Whether what is chosen can be sent, and so kept under a name. */
  canSend: boolean;
  /** The page on which the dialog was opened, which a test tells the history. */
  launchedFrom: string;
  disabled: boolean;
}

/** The folded sections below the preview: values, when, who not, test. Who sends to one contact sees no choice of contacts. */
export function LaunchSections({ form, flowId, audience, canSend, launchedFrom, disabled }: LaunchSectionsProps) {
  const { zone, now, when, notLaterThan, whoNot, values, terms } = form;
  const isForMany = audience.total > 1;
  const onlyContact = !isForMany && audience.selection.type === "ids" ? audience.selection.ids[0] : undefined;
  return (
    <>
      {values.askingNodes && (
        <Suspense>
          <ValuesSection
            key={flowId}
            flowId={flowId}
            nodes={values.askingNodes}
            audience={audience}
            draft={values.typed[flowId]}
            onDraft={(typed) => values.setTyped({ ...values.typed, [flowId]: typed })}
            onRead={values.readLaunch}
            disabled={disabled}
          />
        </Suspense>
      )}
      <WhenSection
        draft={when.draft}
        schedule={notLaterThan.problem === undefined && form.canary.asked !== undefined ? when.schedule : null}
        now={now}
        zone={zone}
        total={audience.total}
        disabled={disabled}
        open={when.open}
        problems={when.problems ?? {}}
        onOpen={when.setOpen}
        onDraft={when.setDraft}
        end={notLaterThan.problem === undefined ? notLaterThan.end : null}
        fewFirst={isForMany && beginsWithFew(form.canary.value, audience.total)}
      >
        <NotLaterThan
          value={notLaterThan.end}
          onChange={notLaterThan.setEnd}
          problem={notLaterThan.problem}
          zone={zone}
          suggested={tomorrowAtNine(now, zone).replace(/T.*/, "T18:00")}
          disabled={disabled}
        />
        {isForMany && (
          <Suspense>
            <TryFirst total={audience.total} value={form.canary.value} onChange={form.canary.set} disabled={disabled} />
          </Suspense>
        )}
      </WhenSection>
      {isForMany && (
        <Suspense>
          {mayBeOffered(audience.total, form.canary.value) && (
            <TryFirstOffer total={audience.total} value={form.canary.value} onChange={form.canary.set} disabled={disabled} />
          )}
        </Suspense>
      )}
      {isForMany && (
        <WhoNotSection
          question={form.settled.narrowing === null ? null : form.previewed(flowId)}
          flowId={flowId}
          value={whoNot.value}
          onChange={whoNot.set}
          open={whoNot.open}
          onOpen={whoNot.setOpen}
          disabled={disabled}
        />
      )}
      {isForMany && (
        <CollisionsSection
          audience={audience}
          zone={zone}
          leftOut={whoNot.value.draft.contacts ?? nobody}
          onLeaveOut={(contacts) => whoNot.set(readWhoNot({ ...whoNot.value.draft, contacts: contacts.length > 0 ? contacts : undefined }))}
          onStartAt={(at) => {
            when.setDraft({ ...when.draft, start: "at", at, zone: "workspace" });
            when.setOpen(true);
          }}
          disabled={disabled}
        />
      )}
      {form.flow && (
        <TestSection flow={form.flow} audience={audience} launch={form.launch} launchedFrom={launchedFrom} disabled={disabled} />
      )}
      {onlyContact !== undefined && <HistorySection contactId={onlyContact} disabled={disabled} />}
      {isForMany && (
        <Checkbox
          label="Send only once to each phone number and e-mail address"
          help="Of contacts who share one, only the first gets the messages. The history names the others."
          checked={form.oncePerAddress}
          onChange={form.setOncePerAddress}
          disabled={disabled}
        />
      )}
      {isForMany && canSend && terms && (
        <Suspense>
          <SaveLaunch flowId={flowId} terms={terms} disabled={disabled} />
        </Suspense>
      )}
    </>
  );
}

const nobody: readonly string[] = [];
