import { Box, chakra, Stack, Text } from "@chakra-ui/react";
import type { FlowTemplate } from "#contract/flows.ts";
import { plural } from "#ui/format.ts";

interface TemplateListProps {
  templates: readonly FlowTemplate[];
  /** The id of the one that is shown. */
  shown: string;
  onShow: (id: string) => void;
}

const Choice = chakra("button", {
  base: {
    width: "full",
    textAlign: "start",
    px: "3",
    py: "2",
    borderRadius: "l2",
    cursor: "pointer",
    focusVisibleRing: "inside",
    _hover: { bg: "bg.subtle" },
    md: { "&[aria-current=true]": { bg: "bg.muted" } },
  },
});

/** The names of the templates, to show one of them. */
export function TemplateList({ templates, shown, onShow }: TemplateListProps) {
  return (
    <Stack as="ul" listStyleType="none" gap="0.5" aria-label="Templates">
      {templates.map(({ id, name, description, stepCount }) => (
        <Box as="li" key={id}>
          <Choice type="button" aria-current={id === shown} onClick={() => onShow(id)}>
            <Text as="span" display="flex" justifyContent="space-between" alignItems="baseline" gap="2" textStyle="sm" fontWeight="500">
              {name}
              <Text as="span" textStyle="xs" color="fg.muted" fontWeight="400">
                {plural(stepCount, "step")}
              </Text>
            </Text>
            <Text as="span" display="block" textStyle="xs" color="fg.muted" mt="0.5">
              {description}
            </Text>
          </Choice>
        </Box>
      ))}
    </Stack>
  );
}
