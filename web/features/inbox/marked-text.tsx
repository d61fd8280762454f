import { chakra } from "@chakra-ui/react";
import { Fragment } from "react";
import { findWords } from "#contract/found-words.ts";

/** A text in which the words of a search are marked. */
export function MarkedText({ text, search }: { text: string; search: string | undefined }) {
  const marks = search === undefined ? [] : findWords(text, search);
  const ends = [0, ...marks.map(({ to }) => to)];
  return (
    <>
      {marks.map(({ from, to }, place) => (
        <Fragment key={from}>
          {text.slice(ends[place], from)}
          <chakra.mark bg="bg.warning" color="fg">
            {text.slice(from, to)}
          </chakra.mark>
        </Fragment>
      ))}
      {text.slice(ends.at(-1))}
    </>
  );
}
