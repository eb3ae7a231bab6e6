import { create } from "qrcode";

/** The dark modules of a QR code as one SVG path, one unit each. */
const pathOf = (text: string): { path: string; size: number } => {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const { size } = modules;
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (modules.get(y, x)) path += `M${x} ${y}h1v1h-1z`;
    }
  }
  return { path, size };
};

/** A QR code, dark on white in both colour schemes, because scanners expect it. */
export const QrCode = ({ text, label }: { text: string; label: string }) => {
  const { path, size } = pathOf(text);
  const quiet = 3;
  const edge = size + 2 * quiet;
  return (
    <svg
      class="qr"
      role="img"
      aria-label={label}
      viewBox={`${-quiet} ${-quiet} ${edge} ${edge}`}
      shape-rendering="crispEdges"
    >
      <rect x={-quiet} y={-quiet} width={edge} height={edge} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
};
