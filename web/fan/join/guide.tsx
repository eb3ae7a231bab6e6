import type { Queue } from "../../../sdk/generated/index.ts";
import { account } from "../account.ts";
import { RecoveryCode } from "../session/recovery.tsx";
import { DrawDetails } from "./draw-details.tsx";
import { joinTexts } from "./texts.ts";

/** The next steps, before joining and while waiting. */
export const Guide = ({ queue, isWaiting }: { queue: Queue | null; isWaiting: boolean }) => {
  const t = joinTexts();
  return (
    <section class="stack last">
      {account.value && <RecoveryCode account={account.value} />}
      <h2>{t.next}</h2>
      <ol class="steps">
        {t.steps.slice(isWaiting ? 1 : 0).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {isWaiting && (
        <>
          <p class="soft">{t.same}</p>
          <details>
            <summary>{t.why}</summary>
            <p>{t.whyText}</p>
          </details>
        </>
      )}
      {queue?.mode === "lottery" && <DrawDetails queue={queue} />}
    </section>
  );
};
