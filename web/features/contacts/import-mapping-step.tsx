import { Box, Flex, Stack, Table, Text } from "@chakra-ui/react";
import { type ImportMapping, importTargets } from "#contract/imports.ts";
import { SelectField } from "#ui/fields/select-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { countryOptions } from "./countries.ts";
import { doubledTargets, type ImportFile, namesSomebody, targetLabels } from "./import-file.ts";

interface ImportMappingStepProps {
  source: ImportFile;
  country: string;
  onCountry: (country: string) => void;
  onMapping: (mapping: ImportMapping) => void;
}

const targets = importTargets.map((value) => ({ value, label: targetLabels[value] }));

/** Asks which field each column of the file becomes, and shows examples from its first lines. */
export function ImportMappingStep({ source, country, onCountry, onMapping }: ImportMappingStepProps) {
  const { columns, mapping, file } = source;
  const doubled = doubledTargets(mapping);
  return (
    <Stack gap="4">
      <Flex gap="4" wrap="wrap" justify="space-between" align="flex-end">
        <Text textStyle="sm" color="fg.muted" overflowWrap="anywhere">
          {file.name}: say what each column is. What is not known is kept under its own name.
        </Text>
        <SelectField label="Country of numbers without a code" value={country} onChange={onCountry} options={countryOptions} width="64" />
      </Flex>
      <Box borderWidth="1px" borderRadius="l2" overflow="auto" maxHeight="96">
        <Table.Root size="sm" stickyHeader>
          <Table.Header>
            <Table.Row>
              <Table.ColumnHeader>Column</Table.ColumnHeader>
              <Table.ColumnHeader hideBelow="md">First values</Table.ColumnHeader>
              <Table.ColumnHeader width="48">Becomes</Table.ColumnHeader>
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {columns.map(({ header, examples }) => {
              const target = mapping[header] ?? "ignore";
              return (
                <Table.Row key={header} opacity={target === "ignore" ? 0.7 : 1}>
                  <Table.Cell fontWeight="medium" maxWidth="40">
                    <Text truncate title={header}>
                      {header}
                    </Text>
                    <Text hideFrom="md" truncate textStyle="xs" fontWeight="normal" color="fg.muted">
                      {examples.join(" · ")}
                    </Text>
                  </Table.Cell>
                  <Table.Cell color="fg.muted" maxWidth="56" hideBelow="md">
                    <Text truncate title={examples.join(" · ")}>
                      {examples.join(" · ") || "–"}
                    </Text>
                  </Table.Cell>
                  <Table.Cell>
                    <SelectField
                      label={`What “${header}” becomes`}
                      hideLabel
                      value={target}
                      options={targets}
                      onChange={(next) => onMapping({ ...mapping, [header]: next })}
                    />
                  </Table.Cell>
                </Table.Row>
              );
            })}
          </Table.Body>
        </Table.Root>
      </Box>
      {doubled.length > 0 && (
        <Notice status="error">
          Only one column can be {doubled.map((target) => `“${targetLabels[target]}”`).join(" and ")}. Keep the others under their own name.
        </Notice>
      )}
      {!namesSomebody(mapping) && <Notice status="error">One column at least must be a name, an e-mail address or a phone number.</Notice>}
    </Stack>
  );
}
