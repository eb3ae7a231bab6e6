import decodeQR from "qr/decode.js";

/** Reads the text of a QR code in the present picture of a video; null when there is none. */
export type Decode = (video: HTMLVideoElement) => Promise<string | null>;

/** BarcodeDetector of the browser, which TypeScript does not describe. */
interface Detector {
  detect(video: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** Edge of the square of the picture that is decoded. A code has 53 modules with its margin, so each has some pixels. */
const edgePx = 560;
/** The most time of one picture; the default of the library is that of a display's frame. */
const decodeWithinMs = 60;

const byLibrary = (): Decode => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = edgePx;
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    const edge = Math.min(width, height);
    if (drawing === null || edge === 0) return Promise.resolve(null);
    const [left, top] = [(width - edge) / 2, (height - edge) / 2];
    drawing.drawImage(video, left, top, edge, edge, 0, 0, edgePx, edgePx);
    const image = drawing.getImageData(0, 0, edgePx, edgePx);
    try {
      return Promise.resolve(decodeQR(image, { timeLimit: decodeWithinMs }));
    } catch {
      return Promise.resolve(null); // The library throws when it finds no code.
    }
  };
};

/** Returns the decoder of the browser, or of a library where the browser has none. */
export const createDecoder = async (): Promise<Decode> => {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  const formats = await BarcodeDetector?.getSupportedFormats().catch(() => [] as readonly string[]);
  if (BarcodeDetector === undefined || formats?.includes("qr_code") !== true) return byLibrary();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => {
    const [found] = await detector.detect(video).catch(() => []);
    return found?.rawValue ?? null;
  };
};
