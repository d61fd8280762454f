import { type FormEvent, useEffect, useRef, useState } from "react";
import type { z } from "zod";
import { sayIssue } from "#contract/issue-words.ts";
import { ApiError } from "./api-error.ts";

interface FormOptions<Schema extends z.ZodType, Values> {
  /** The body's schema of the contract: what the server would refuse is told before it is asked. */
  schema: Schema;
  initial: Values;
  /** From what the fields hold to what is sent; the values as they are unless told. */
  toBody?: (values: Values) => unknown;
  onSubmit: (body: z.output<Schema>) => Promise<unknown>;
}

/**
 * A form's values, problems and submit. All problems show at once, ours or the server's, each at its field; the first
 * field with one gets the focus. A problem goes away when its field is changed, or what it is a part of.
 */
export function useForm<Schema extends z.ZodType, Values extends object>({
  schema,
  initial,
  toBody,
  onSubmit,
}: FormOptions<Schema, Values>) {
  const [values, setValues] = useState(initial);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const [failures, setFailures] = useState(0);
  const running = useRef(false);
  const form = useRef<HTMLFormElement>(null);

  // Runs after the fields have been rendered with their problems.
  useEffect(() => {
    if (failures > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [failures]);

  const fail = (found: Record<string, string>) => {
    setProblems(found);
    setFailures((now) => now + 1);
  };

  /** The values to send. If they have problems, these are shown and the result is undefined. */
  const read = (): z.output<Schema> | undefined => {
    setError(null);
    const parsed = schema.safeParse(toBody ? toBody(values) : values, { error: sayIssue });
    if (!parsed.success) {
      fail(byPath(parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }))));
      return undefined;
    }
    setProblems({});
    return parsed.data;
  };

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (running.current) return;
    const body = read();
    if (body === undefined) return;
    running.current = true;
    setBusy(true);
    try {
      await onSubmit(body);
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
      if (thrown.problems.length > 0) fail(byPath(thrown.problems));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };

  return {
    form,
    values,
    /** Whether a field holds something else than at first. */
    isDirty: JSON.stringify(values) !== JSON.stringify(initial),
    busy,
    error,
    submit,
    /** The values to send, for another use than submitting. Undefined if they have problems, which are then shown. */
    read,
    set: <Name extends keyof Values & string>(name: Name, value: Values[Name]) => {
      setValues((now) => ({ ...now, [name]: value }));
      setProblems((now) => Object.fromEntries(Object.entries(now).filter(([path]) => !path.split(".").includes(name))));
    },
    reset: (next: Values = initial) => {
      setValues(next);
      setProblems({});
      setError(null);
    },
    /** The problem at a path of the body: "email", "settings.host". */
    problem: (path: string): string | undefined => problems[path],
  };
}

function byPath(problems: { path: string; message: string }[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { path, message } of problems) found[path] = path in found ? `${found[path]}. ${message}` : message;
  return found;
}
