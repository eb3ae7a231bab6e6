let context: AudioContext | null = null;

/** Lets the page make sounds: a browser allows it only after a tap. */
export const unlockSound = (): void => {
  context ??= new AudioContext();
  void context.resume();
};

const beep = (at: AudioContext, hertz: number, fromSeconds: number, seconds: number): void => {
  const tone = new OscillatorNode(at, { frequency: hertz, type: "square" });
  const volume = new GainNode(at, { gain: 0.2 });
  tone.connect(volume).connect(at.destination);
  const startAt = at.currentTime + fromSeconds;
  tone.start(startAt);
  tone.stop(startAt + seconds);
};

/** Two rising tones and a short pulse for a ticket that is admitted; a long low tone and three pulses for another. */
export const signalResult = (isAdmitted: boolean): void => {
  if ("vibrate" in navigator) navigator.vibrate(isAdmitted ? 80 : [200, 80, 200, 80, 200]);
  if (context === null) return;
  if (isAdmitted) {
    beep(context, 880, 0, 0.1);
    beep(context, 1320, 0.1, 0.15);
  } else beep(context, 180, 0, 0.6);
};
