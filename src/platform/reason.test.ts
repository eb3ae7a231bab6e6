import assert from "node:assert/strict";
import { test } from "node:test";
import { reasonOf } from "./reason.ts";

test("a reason does not repeat the password that a server quotes from a command it does not know", () => {
  const said = "ERR unknown command 'AUTH', with args beginning with: 'frontrow' 's3cr3t-s3cr3t' ";
  assert.equal(reasonOf(new Error(said)), "ERR unknown command 'AUTH'");
});
