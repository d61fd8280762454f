import { Box, chakra, Flex, Spinner, Table, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { type ClipboardEvent, memo, useMemo, useRef, useState } from "react";
import type { FlowInput } from "#contract/flow-inputs.ts";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { contactNamesQuery } from "#web/entities/contacts/contact-names-query.ts";
import { pastedCells } from "./values.ts";

type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface ValuesGridProps {
  inputs: readonly FlowInput[];
  ids: readonly string[];
  rows: Rows;
  onRows: (rows: Rows) => void;
  problems: ReadonlyMap<string, string>;
  disabled: boolean;
}

const Cell = chakra("input", {
  base: {
    width: "full",
    minW: "24",
    px: "2",
    py: "1.5",
    bg: "transparent",
    textStyle: "sm",
    focusVisibleRing: "inside",
    _invalid: { boxShadow: "inset 0 0 0 1px var(--chakra-colors-border-error)" },
  },
});

/** A sheet with a row for each contact. What was copied from a spreadsheet is put in from the cell on, downwards and to the right. */
export function ValuesGrid({ inputs, ids, rows, onRows, problems, disabled }: ValuesGridProps) {
  const names = useQuery(contactNamesQuery(ids));
  const byId = useMemo(() => new Map(names.data?.items.map((one) => [one.id, one])), [names.data]);
  const put = (contactId: string, name: string, value: string) => onRows({ ...rows, [contactId]: { ...rows[contactId], [name]: value } });
  const paste = (event: ClipboardEvent, row: number, column: number) => {
    const cells = pastedCells(event.clipboardData.getData("text/plain"));
    if (cells.length === 1 && cells[0]?.length === 1) return;
    event.preventDefault();
    const next: Record<string, Record<string, string>> = { ...rows };
    cells.forEach((line, down) => {
      const id = ids[row + down];
      if (id === undefined) return;
      const filled = line.flatMap((value, across) => {
        const input = inputs[column + across];
        return input ? [[input.name, value] as const] : [];
      });
      next[id] = { ...next[id], ...Object.fromEntries(filled) };
    });
    onRows(next);
  };
  const wrong = [...problems].flatMap(([place, message]) => {
    const [, id, name] = /^rows\.([^.]+)\.(.+)$/.exec(place) ?? [];
    return id === undefined || name === undefined ? [] : [{ id, name, message }];
  });
  // As text, so that only the rows are drawn anew that differ.
  const wrongIn = new Map([...Map.groupBy(wrong, ({ id }) => id)].map(([id, found]) => [id, JSON.stringify(found)]));
  const latest = useRef({ put, paste });
  latest.current = { put, paste };
  const [acts] = useState<Acts>(() => ({
    put: (...args) => latest.current.put(...args),
    paste: (...args) => latest.current.paste(...args),
  }));
  if (names.isError) {
    return (
      <LoadError
        title="The names of the contacts could not be loaded"
        error={names.error}
        onRetry={() => void names.refetch()}
        retrying={names.isFetching}
      />
    );
  }
  if (names.isPending) return <Spinner size="sm" aria-label="Loading the contacts" />;
  return (
    <Box>
      <Text textStyle="xs" color="fg.muted" mb="2">
        Cells copied from a spreadsheet can be pasted; they are put in from the cell on, in this order of contacts.
      </Text>
      <Table.ScrollArea borderWidth="1px" borderRadius="l2" maxHeight="72" tabIndex={0} role="group" aria-label="Values of single contacts">
        <Table.Root size="sm" stickyHeader>
          <Table.Header>
            <Table.Row bg="bg.subtle">
              <Table.ColumnHeader>Contact</Table.ColumnHeader>
              {inputs.map(({ name, label }) => (
                <Table.ColumnHeader key={name}>{label}</Table.ColumnHeader>
              ))}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {ids.map((id, row) => (
              <Row
                key={id}
                inputs={inputs}
                id={id}
                row={row}
                who={byId.get(id.toLowerCase())?.name ?? "A contact that was deleted"}
                address={byId.get(id.toLowerCase())?.address ?? ""}
                values={rows[id]}
                wrong={wrongIn.get(id) ?? ""}
                acts={acts}
                disabled={disabled}
              />
            ))}
          </Table.Body>
        </Table.Root>
      </Table.ScrollArea>
      {inputs.map((input) =>
        input.type === "choice" || input.type === "yes_no" ? (
          <datalist key={input.name} id={`choices-${input.name}`}>
            {(input.type === "choice" ? (input.choices ?? []) : ["yes", "no"]).map((choice) => (
              <option key={choice} value={choice} />
            ))}
          </datalist>
        ) : null,
      )}
      {wrong.length > 0 && (
        <Flex role="status" mt="2" textStyle="sm" color="fg.error">
          {plural(wrong.length, "cell needs", "cells need")} a look.
        </Flex>
      )}
    </Box>
  );
}

interface Acts {
  put: (contactId: string, name: string, value: string) => void;
  paste: (event: ClipboardEvent, row: number, column: number) => void;
}

interface RowProps {
  inputs: readonly FlowInput[];
  id: string;
  row: number;
  who: string;
  address: string;
  values: Readonly<Record<string, string>> | undefined;
  /** What is wrong in it, as JSON. */
  wrong: string;
  acts: Acts;
  disabled: boolean;
}

/** Hundreds of these are drawn, and one of them changes with a key. */
const Row = memo(function Row({ inputs, id, row, who, address, values, wrong, acts, disabled }: RowProps) {
  const problems: { name: string; message: string }[] = wrong === "" ? [] : JSON.parse(wrong);
  return (
    <Table.Row>
      <Table.Cell whiteSpace="nowrap" maxW="48" truncate title={address || undefined}>
        {who}
      </Table.Cell>
      {inputs.map((input, column) => {
        const problem = problems.find(({ name }) => name === input.name)?.message;
        return (
          <Table.Cell key={input.name} p="0" verticalAlign="top">
            <Cell
              aria-label={`${input.label} of ${who}`}
              aria-invalid={problem !== undefined || undefined}
              list={input.type === "choice" || input.type === "yes_no" ? `choices-${input.name}` : undefined}
              placeholder={input.type === "date" ? "2026-12-31" : undefined}
              value={values?.[input.name] ?? ""}
              onChange={(event) => acts.put(id, input.name, event.currentTarget.value)}
              onPaste={(event) => acts.paste(event, row, column)}
              disabled={disabled}
            />
            {problem !== undefined && (
              <Text textStyle="xs" color="fg.error" px="2" pb="1">
                {problem}
              </Text>
            )}
          </Table.Cell>
        );
      })}
    </Table.Row>
  );
});
