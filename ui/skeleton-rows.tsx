import { Box, Flex, Skeleton, VisuallyHidden } from "@chakra-ui/react";

export interface SkeletonRowsProps {
  rows?: number;
  /** Widths of the bars in a row, as the content will have them. */
  columns?: string[];
  /** The accessible name: what is loading. */
  label?: string;
  rowHeight?: string;
}

/** Bars where the rows will be, so that nothing jumps when they come. */
export function SkeletonRows({ rows = 8, columns = ["30%", "20%", "25%", "10%"], label = "Loading", rowHeight = "10" }: SkeletonRowsProps) {
  return (
    <Box role="status" aria-busy>
      <VisuallyHidden>{label}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have nothing else to be told apart by
        <Flex key={row} height={rowHeight} align="center" gap="4" px="4" borderBottomWidth="1px" borderColor="border.muted" aria-hidden>
          {columns.map((width, column) => (
            // Slightly different lengths read as text, equal ones as a defect.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <Box key={column} width={width} flexShrink={1}>
              <Skeleton height="3" borderRadius="l1" width={`${70 + ((row * 7 + column * 13) % 30)}%`} />
            </Box>
          ))}
        </Flex>
      ))}
    </Box>
  );
}
