import { chakra } from "@chakra-ui/react";

const Details = chakra("details", {
  base: { textStyle: "xs", color: "fg.muted", mt: "1", "& summary": { cursor: "pointer", width: "fit-content", borderRadius: "l1" } },
});

/** The code of an error. It is for the person who is asked for help, so it is folded away. */
export function ErrorDetails({ code }: { code: string }) {
  return (
    <Details>
      <summary>Details</summary>
      <code>{code}</code>
    </Details>
  );
}
