let audio: AudioContext | undefined;

/** Asks for the permission to play sound and to notify. Browsers allow it only in the handler of a click. */
export const enableAlarm = (): void => {
  audio ??= new AudioContext();
  if (typeof Notification !== "undefined" && Notification.permission === "default") {
    void Notification.requestPermission().catch(() => undefined);
  }
};

const beep = (context: AudioContext, afterSeconds: number, hertz: number): void => {
  const tone = context.createOscillator();
  const volume = context.createGain();
  const from = context.currentTime + afterSeconds;
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, from);
  volume.gain.exponentialRampToValueAtTime(0.3, from + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.35);
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(from + 0.4);
};

/** Alerts the fan by sound, vibration and notification, as far as the browser allows. */
export const ring = (text: string): void => {
  try {
    const context = (audio ??= new AudioContext());
    [660, 880, 660, 880].forEach((hertz, n) => beep(context, n * 0.4, hertz));
    navigator.vibrate?.([200, 100, 200]);
    if (document.hidden && Notification.permission === "granted") new Notification(text);
  } catch {
    // The title and the page show it as well.
  }
};
