import { globSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { featureAt, lackingIn, type Entry, type Use } from "./compatibility.ts";

// The parts of the language and of the browser that the scripts of the pages use, found with the types of TypeScript.

/** Types of TypeScript for parts of the platform that MDN names otherwise. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  Animatable: ["Element"],
  AnimationFrameProvider: ["Window"],
  Body: ["Response"],
  CSSStyleDeclarationBase: ["CSSStyleDeclaration"],
  CallableFunction: ["Function"],
  ChildNode: ["Element"],
  DocumentOrShadowRoot: ["Document"],
  ElementCSSInlineStyle: ["HTMLElement"],
  GenericTransformStream: ["TextDecoderStream"],
  HTMLHyperlinkElementUtils: ["HTMLAnchorElement"],
  HTMLOrSVGElement: ["HTMLElement"],
  InnerHTML: ["Element"],
  IteratorObject: ["Iterator"],
  NavigatorLanguage: ["Navigator"],
  NavigatorLocks: ["Navigator"],
  NavigatorOnLine: ["Navigator"],
  NonElementParentNode: ["Document"],
  ParentNode: ["Document", "Element"],
  PromiseLike: ["Promise"],
  ReadableStreamGenericReader: ["ReadableStreamDefaultReader"],
  ReadonlyArray: ["Array"],
  ReadonlyMap: ["Map"],
  ReadonlySet: ["Set"],
  RegExpExecArray: ["Array"],
  TextDecoderCommon: ["TextDecoder"],
  WindowLocalStorage: ["Window"],
  WindowOrWorkerGlobalScope: ["Window"],
  WindowSessionStorage: ["Window"],
};

/** Plain objects, whose members are no features, and what every browser has that runs a module. */
const isNoFeature = (feature: string): boolean =>
  /^(?:DateTimeFormatPart|DateTimeFormatOptions|IteratorYieldResult|ResolvedDateTimeFormatOptions)\.|^Function\.prototype$/.test(
    feature,
  );

/** MDN describes the arrays of numbers as one type. */
const isTypedArray = (type: string): boolean => /^(?:Float|Uint|Int|BigInt|BigUint)\d+/.test(type);

const ownersOf = (type: string): readonly string[] => [
  type.replace(/Constructor$/, ""),
  ...(otherNames[type] ?? []),
  ...(isTypedArray(type) ? ["TypedArray"] : []),
  ...(type.startsWith("Canvas") ? ["CanvasRenderingContext2D"] : []),
  // Types of elements declare the listeners of their own events again.
  "EventTarget",
];

/** `fontFamily` as `font-family` */
const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (at) => `-${at.toLowerCase()}`);

const present = (entries: readonly (Entry | null)[]): Entry[] =>
  entries.filter((entry) => entry !== null);

const membersOf = (owner: string, member: string): Entry[] =>
  present([
    featureAt("api", owner, member),
    featureAt("api", owner, `${member}_static`),
    featureAt("javascript", "builtins", owner, member),
    featureAt("javascript", "builtins", "Intl", owner, member),
    owner === "CSSStyleProperties" ? featureAt("css", "properties", kebab(member)) : null,
  ]);

const globalsOf = (name: string): Entry[] =>
  present([
    featureAt("api", name),
    featureAt("javascript", "builtins", name),
    featureAt("javascript", "builtins", "Intl", name),
    featureAt("api", "Window", name),
    featureAt("api", "EventTarget", name),
  ]);

/** The type of the platform that declares a member; null for a global. */
const ownerIn = (declaration: ts.Declaration): string | null => {
  for (let at: ts.Node = declaration.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isInterfaceDeclaration(at)) return at.name.text;
    if (ts.isVariableDeclaration(at) && ts.isIdentifier(at.name)) return at.name.text;
    if (ts.isTypeAliasDeclaration(at)) return at.name.text;
  }
  return null;
};

/** The feature that a name means; null for a plain object's member. */
const featureOf = (
  name: string,
  declarations: readonly ts.Declaration[],
): Omit<Use, "at"> | null => {
  const owners = declarations.some((it) => ts.isVariableDeclaration(it))
    ? []
    : [...new Set(declarations.map(ownerIn))].filter((owner) => owner !== null);
  const [first] = owners;
  const feature = first === undefined ? name : `${first.replace(/Constructor$/, "")}.${name}`;
  if (isNoFeature(feature)) return null;
  const entries =
    first === undefined
      ? globalsOf(name)
      : owners.flatMap(ownersOf).flatMap((owner) => membersOf(owner, name));
  // A member of several types counts by the one that has it longest: the type in the code has it too.
  const [least = null] = entries.map(lackingIn).toSorted((a, b) => a.length - b.length);
  return { feature, lacking: least };
};

/** Lists each use of the platform, of the browser or of the language, in these files. */
export const platformUses = (files: readonly string[]): Use[] => {
  const program = ts.createProgram([...files], {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    jsxImportSource: "preact",
    types: [],
    strict: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const isPlatform = (declaration: ts.Declaration): boolean =>
    program.isSourceFileDefaultLibrary(declaration.getSourceFile());
  const own = new Set(files);
  const uses: Use[] = [];
  for (const source of program.getSourceFiles()) {
    if (!own.has(source.fileName)) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return;
      if (ts.isIdentifier(node)) {
        const declarations = checker.getSymbolAtLocation(node)?.declarations ?? [];
        if (declarations.length > 0 && declarations.every(isPlatform)) {
          const feature = featureOf(node.text, declarations);
          const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
          if (feature !== null) uses.push({ ...feature, at: `${source.fileName}:${line + 1}` });
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return uses;
};

/** The scripts of the pages, with those of the SDK. */
export const pageScripts = (root: string): string[] =>
  globSync(["web/{fan,console,door,shared}/**/*.{ts,tsx}", "sdk/**/*.ts"], { cwd: root })
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => join(root, file));
