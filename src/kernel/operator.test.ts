import assert from "node:assert/strict";
import { test } from "node:test";
import { hasPermission, permissionsOf, rolesWith } from "./operator.ts";

test("an admin has every permission", () => {
  for (const permission of ["own", "read", "export", "manage", "check-in", "administer"] as const)
    assert.equal(hasPermission("admin", permission), true, permission);
});

test("sales has every permission but to administer", () => {
  assert.deepEqual(
    permissionsOf("admin").filter((it) => !hasPermission("sales", it)),
    ["administer"],
  );
});

test("the door checks in and reads nothing", () => {
  assert.deepEqual(permissionsOf("door"), ["own", "check-in"]);
});

test("a viewer reads, and exports and changes nothing", () => {
  assert.deepEqual(permissionsOf("viewer"), ["own", "read"]);
});

test("the roles with a permission are listed from the widest role on", () => {
  assert.deepEqual(rolesWith("read"), ["admin", "sales", "viewer"]);
  assert.deepEqual(rolesWith("administer"), ["admin"]);
  assert.deepEqual(rolesWith("check-in"), ["admin", "sales", "door"]);
});
