import type { CommandKind, CommandOf, OutcomeOf } from "../domain/commands.ts";
import type { BoxOffice } from "../ports/box-office.ts";
import type { HouseSeats } from "../ports/house-seats.ts";
import type { Refunds } from "../ports/refunds.ts";

/** Whether a command may free seats that were taken at the moment before. A lapsed hold is free already. */
const mayRelease: Readonly<Record<CommandKind, boolean>> = {
  reserve: false,
  pay: false,
  charge: false,
  cancel: true,
  leave: true,
  lapse: false,
};

/**
 * The ports that free seats. Each answer that may tell of a free seat comes only after `delay`, whatever the outcome is:
 * it may also tell of a release whose own answer is lost. A release that fails tells of nothing.
 */
export const delayedReleases = <
  Ports extends {
    readonly boxOffice: BoxOffice;
    readonly refunds: Refunds;
    readonly houseSeats: HouseSeats;
  },
>(
  ports: Ports,
  delay: () => Promise<void>,
): Ports => {
  const { boxOffice, refunds, houseSeats } = ports;
  const afterDelay = async <Outcome>(answer: Promise<Outcome>): Promise<Outcome> => {
    const outcome = await answer;
    await delay();
    return outcome;
  };
  return {
    ...ports,
    boxOffice: {
      ...boxOffice,
      submit<K extends CommandKind>(command: CommandOf<K>): Promise<OutcomeOf[K]> {
        const kind: CommandKind = command.kind;
        const answer = boxOffice.submit<K>(command);
        return mayRelease[kind] ? afterDelay(answer) : answer;
      },
    },
    refunds: {
      ...refunds,
      forBuyer: (command) => afterDelay(refunds.forBuyer(command)),
      byOperator: (command, intent) => afterDelay(refunds.byOperator(command, intent)),
    },
    houseSeats: { ...houseSeats, change: (command) => afterDelay(houseSeats.change(command)) },
  };
};
