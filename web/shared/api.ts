import { createClient } from "../../sdk/client.ts";

/** Client of the server that serves these pages. */
export const api = createClient();
