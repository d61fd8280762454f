import type { Send } from "#contract/sends.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";

type Request = Parameters<typeof api<"createSend">>[1]["body"];

/** Whether it is unknown that the request arrived: there was no answer, or one that does not say. */
const isUncertain = (error: unknown) =>
  isApiError(error) && (error.status === 0 || error.status >= 500 || error.code === "unreadable_answer");

/**
 * Begins a send. Where no answer came back it looks whether the send arrived all the same before it calls it a
 * failure: "not sent" must be true when a person reads it.
 */
export const createSend = async (body: Request & { sendId: string }): Promise<Send> => {
  try {
    return (await api("createSend", { body })).send;
  } catch (error) {
    if (!isUncertain(error)) throw error;
    const arrived = await api("getSend", { params: { id: body.sendId } }).catch(() => null);
    if (arrived === null) throw error;
    return arrived;
  }
};
