// lints: typescript(switch-exhaustiveness-check)
export const go = (kind: "held" | "expired" | "sold"): number => {
  switch (kind) {
    case "held":
      return 1;
    case "expired":
      return 2;
  }
  return 0;
};
