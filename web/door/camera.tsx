import { useEffect, useRef, useState } from "preact/hooks";
import { createDecoder } from "./decoder.ts";
import { doorTexts } from "./texts.ts";

/** Pause between two pictures that are decoded. */
const pauseMs = 80;

const constraints: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
};

/** The light of a phone's camera, which TypeScript does not describe. */
interface Torch {
  readonly torch?: boolean;
}
const hasTorch = (track: MediaStreamTrack | undefined): boolean =>
  track !== undefined &&
  "getCapabilities" in track &&
  (track.getCapabilities() as Torch).torch === true;

const isVisible = (): boolean => document.visibilityState === "visible";

/** Calls `onCode` with each text that is read, until it is stopped. */
const readCodes = (video: HTMLVideoElement, onCode: (text: string) => void): (() => void) => {
  let isStopped = false;
  const run = async (): Promise<void> => {
    const decode = await createDecoder();
    while (!isStopped) {
      const text = isVisible() ? await decode(video) : null;
      if (text !== null && !isStopped) onCode(text);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  void run();
  return () => {
    isStopped = true;
  };
};

/** Keeps the screen on while the camera runs, where the browser can; one that saves power refuses. */
const keepAwake = (): (() => void) => {
  const request = "wakeLock" in navigator ? navigator.wakeLock.request("screen") : null;
  const lock = request?.catch(() => null);
  return () => void lock?.then((held) => held?.release()).catch(() => undefined);
};

interface CameraProps {
  readonly onCode: (text: string) => void;
  readonly onStop: () => void;
}

/** The picture of the camera, in which codes are read. */
export const Camera = ({ onCode, onStop }: CameraProps) => {
  const t = doorTexts();
  const video = useRef<HTMLVideoElement>(null);
  const [track, setTrack] = useState<MediaStreamTrack>();
  const [isRefused, setRefused] = useState(false);
  const [isLit, setLit] = useState(false);
  const latest = useRef(onCode);
  latest.current = onCode;

  useEffect(() => {
    let stopReading: (() => void) | null = null;
    let stream: MediaStream | null = null;
    let isOver = false;
    const letSleep = keepAwake();
    const start = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia(constraints);
      const element = video.current;
      if (isOver || element === null) return stop();
      element.srcObject = stream;
      await element.play();
      setTrack(stream.getVideoTracks()[0]);
      stopReading = readCodes(element, (text) => latest.current(text));
    };
    const stop = (): void => {
      isOver = true;
      stopReading?.();
      for (const one of stream?.getTracks() ?? []) one.stop();
    };
    start().catch(() => {
      if (!isOver) setRefused(true);
    });
    return () => {
      stop();
      letSleep();
    };
  }, []);

  const light = (): void => {
    const wanted: MediaTrackConstraints & Torch = { torch: !isLit };
    void track?.applyConstraints({ advanced: [wanted] }).then(() => setLit(!isLit));
  };
  return (
    <div class="stack">
      {isRefused ? (
        <p class="note bad" role="alert">
          {t.cameraRefused}
        </p>
      ) : (
        <video ref={video} class="camera" aria-label={t.camera} playsInline muted />
      )}
      <div class="row">
        {hasTorch(track) && (
          <button class="button quiet" type="button" aria-pressed={isLit} onClick={light}>
            {t.torch}
          </button>
        )}
        <button class="button quiet" type="button" onClick={onStop}>
          {t.stopCamera}
        </button>
      </div>
    </div>
  );
};
