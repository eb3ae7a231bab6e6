/** Apart from `files.ts`, because the file of the parts outside loads this one too. */
export const loadInside = () => import("./inside.ts");
