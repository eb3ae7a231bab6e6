import { useEffect, useRef } from "preact/hooks";
import { startMap, type LiveMap, type MapModel } from "./live-map.ts";
import { mapTexts } from "./map-texts.ts";
import "./hall-map.css";

const step = 1.8;

/** A button with a picture. */
const Tool = ({ name, path, onUse }: { name: string; path: string; onUse: () => void }) => (
  <button type="button" aria-label={name} onClick={onUse}>
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  </button>
);

/** The hall on a canvas: sections, and seats that can be selected. */
export const HallMap = ({ model, hint }: { model: MapModel; hint: string }) => {
  const t = mapTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<LiveMap | null>(null);
  useEffect(() => {
    if (canvas.current === null) return undefined;
    const live = startMap(canvas.current, model);
    map.current = live;
    return live.stop;
  }, [model]);
  const zoom = (factor: number): void => map.current?.camera.zoomBy(factor);
  return (
    <div class="hall">
      <div class="row apart">
        <p class="soft small">{hint}</p>
        <p class="hall-tools">
          <Tool name={t.larger} path="M12 5v14M5 12h14" onUse={() => zoom(step)} />
          <Tool name={t.smaller} path="M5 12h14" onUse={() => zoom(1 / step)} />
          <Tool
            name={t.whole}
            path="M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5"
            onUse={() => map.current?.camera.showAll()}
          />
        </p>
      </div>
      <p id="hall-hint" class="visually-hidden">
        {t.hint}
      </p>
      <canvas
        ref={canvas}
        class="hall-map"
        role="application"
        tabIndex={0}
        aria-label={t.map}
        aria-describedby="hall-hint"
        onKeyDown={(event) => map.current?.onKey(event)}
      />
    </div>
  );
};
