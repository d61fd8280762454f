import { Skeleton } from "@chakra-ui/react";
import { lazy, Suspense } from "react";
import { FallbackBoundary } from "#ui/fallback-boundary.tsx";
import { TemplateField } from "#ui/fields/template-field.tsx";
import type { HtmlComposerProps } from "./rich-or-source.tsx";

const RichOrSource = lazy(async () => ({ default: (await import("./rich-or-source.tsx")).RichOrSource }));

/** The text of an e-mail, rich or as source. Where the code of the editor cannot be fetched, it can be typed all the same. */
export function HtmlComposer(props: HtmlComposerProps) {
  const plain = (
    <TemplateField
      label="Text"
      value={props.html}
      onChange={props.onChange}
      lines={8}
      mono
      fields={props.fields}
      error={props.error}
      disabled={props.disabled}
    />
  );
  return (
    <FallbackBoundary fallback={plain}>
      <Suspense fallback={<Skeleton height="18rem" borderRadius="l2" role="status" aria-label="Loading the editor" aria-busy />}>
        <RichOrSource {...props} />
      </Suspense>
    </FallbackBoundary>
  );
}
