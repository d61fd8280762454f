import { Flex, Skeleton, Stack } from "@chakra-ui/react";
import { lazy, Suspense, useDeferredValue, useMemo, useRef, useState } from "react";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import type { MergeFields } from "#ui/merge-fields/merge-fields.ts";
import { UsedFields } from "#ui/merge-fields/used-fields.tsx";
import { Notice } from "#ui/notice.tsx";
import { fromRich, lostInRich, toRich } from "#ui/rich-text/rich-document.ts";
import { RichText } from "#ui/rich-text/rich-text.tsx";

export interface HtmlComposerProps {
  html: string;
  onChange: (html: string, whole?: "whole") => void;
  fields: MergeFields;
  error: string | undefined;
  disabled: boolean;
}

const CodeField = lazy(async () => ({ default: (await import("#ui/code-field.tsx")).CodeField }));

/** What was pasted last and came in otherwise than it was. */
type Pasted = { removed: readonly string[] } | "table";

/** The text of an e-mail in the rich editor, or its source: by choice, or because the rich editor would lose something of it. */
export function RichOrSource({ html, onChange, fields, error, disabled }: HtmlComposerProps) {
  const [chosen, setChosen] = useState<"rich" | "source">("rich");
  const [isAsking, setAsking] = useState(false);
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const settled = useDeferredValue(html);
  /** What the rich editor wrote itself it holds. */
  const own = useRef<string | null>(null);
  const lost = useMemo(() => (settled === own.current ? [] : lostInRich(settled)), [settled]);
  const shown = lost.length === 0 ? chosen : "source";
  const frame = { label: "Text", fields, error, disabled };
  const onTyped = (next: string) => {
    // An author who writes source stays in it, also when the rich editor could hold it by now.
    setChosen("source");
    onChange(next);
  };
  return (
    <Stack gap="2">
      <Flex align="center" justify="space-between" gap="2" wrap="wrap">
        <SegmentedField
          label="How the text is edited"
          hideLabel
          value={shown}
          disabled={disabled}
          onChange={(next) => {
            if (next === "rich" && lost.length > 0) setAsking(true);
            else setChosen(next);
          }}
          options={[
            { value: "rich", label: "Rich" },
            { value: "source", label: "Source" },
          ]}
        />
        {shown === "source" && lost.length > 0 && (
          <Button size="xs" disabled={disabled} onClick={() => setAsking(true)}>
            Simplify (loses: {lost.join(", ")})
          </Button>
        )}
      </Flex>
      {pasted !== null && (
        <Notice
          status="warning"
          action={
            <Button size="xs" onClick={() => setPasted(null)}>
              OK
            </Button>
          }
        >
          {pasted === "table"
            ? "A table was pasted. The rich editor cannot hold it, so the text is open as source."
            : `Taken out of what you pasted, because no e-mail may hold it: ${pasted.removed.join(", ")}.`}
        </Notice>
      )}
      {shown === "rich" ? (
        <RichText
          {...frame}
          value={html}
          onChange={(next) => {
            own.current = next;
            onChange(next);
          }}
          onPasted={(removed) => setPasted(removed.length > 0 ? { removed } : null)}
          onTable={(next) => {
            setPasted("table");
            onChange(next, "whole");
          }}
        />
      ) : (
        <Suspense fallback={<Skeleton height="18rem" borderRadius="l2" role="status" aria-label="Loading the editor" aria-busy />}>
          <CodeField {...frame} value={html} onChange={onTyped} />
        </Suspense>
      )}
      <UsedFields label="Text" text={html} fields={fields} onChange={onChange} disabled={disabled} />
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          setPasted(null);
          setChosen("rich");
          onChange(fromRich(toRich(html)), "whole");
        }}
        title="Simplify the text?"
        confirmLabel="Simplify"
        tone="primary"
      >
        The rich editor cannot hold all of it. This is lost: {lost.join(", ")}. Words, links and fields stay. Undo brings it back.
      </ConfirmDialog>
    </Stack>
  );
}
