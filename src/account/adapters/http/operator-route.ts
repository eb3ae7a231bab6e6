import { Type } from "typebox";
import { operatorRoles, permissionsOf } from "#kernel/operator.ts";
import { route, type Route } from "#platform/http/route.ts";

const permissions = permissionsOf("admin");

const OperatorShape = Type.Object(
  {
    name: Type.String({
      description: "The name of the key; the audit records it.",
      examples: ["kim"],
    }),
    role: Type.Enum([...operatorRoles], {
      description: "The role of the key.",
      examples: ["sales"],
    }),
    permissions: Type.Array(Type.Enum([...permissions]), {
      description:
        "The permissions of the role. The call of a route without its permission is FORBIDDEN.",
      examples: [["own", "read", "export", "manage", "check-in"]],
    }),
  },
  { $id: "Operator" },
);

/** The route by which a client learns whose key it has, so that it offers what the role may do. */
export const operatorRoute: Route = route({
  method: "GET",
  path: "/admin/v1/operators/me",
  operationId: "readOperator",
  tag: "Operator",
  summary: "Read the name and the role of the operator key",
  auth: "operator",
  permission: "own",
  answers: { 200: OperatorShape },
  problems: [],
  handle: ({ caller: { actor, role } }) => ({
    status: 200,
    body: { name: actor, role, permissions: [...permissionsOf(role)] },
  }),
});
