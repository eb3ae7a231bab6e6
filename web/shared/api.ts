import { createClient } from "../../sdk/client.ts";

/** The server that these pages come from. */
export const api = createClient();
