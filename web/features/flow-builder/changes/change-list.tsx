import { Box, Text } from "@chakra-ui/react";
import { lazy, Suspense } from "react";
import { FallbackBoundary } from "#ui/fallback-boundary.tsx";
import type { ToldChange } from "./change-words.ts";

// What compares words is needed only where a text was rewritten.
const ComparedTexts = lazy(() => import("./compared-texts.tsx").then((module) => ({ default: module.ComparedTexts })));

/** What differs between two contents of a flow, a sentence each, and rewritten texts word by word. */
export function ChangeList({ changes }: { changes: readonly ToldChange[] }) {
  return (
    <Box as="ul" ps="5" listStyleType="disc">
      {changes.map(({ words, texts }) => (
        <Box as="li" key={words} textStyle="sm" overflowWrap="anywhere">
          {words}
          {texts && (
            <FallbackBoundary fallback={<Quiet>The words could not be compared. Reload the page to try again.</Quiet>}>
              <Suspense fallback={<Quiet>Comparing the words…</Quiet>}>
                <ComparedTexts texts={texts} />
              </Suspense>
            </FallbackBoundary>
          )}
        </Box>
      ))}
    </Box>
  );
}

const Quiet = ({ children }: { children: string }) => (
  <Text textStyle="sm" color="fg.muted">
    {children}
  </Text>
);
