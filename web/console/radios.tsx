interface RadiosProps<Value> {
  readonly name: string;
  readonly legend: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly onChoose: (value: Value) => void;
  /** In a frame of its own, as the parts of a form are. */
  readonly isCard?: boolean;
}

/** A choice of one option, all of them in sight. */
export const Radios = <Value,>({ isCard = false, ...props }: RadiosProps<Value>) => {
  const { name, legend, value, options, onChoose } = props;
  return (
    <fieldset class={isCard ? "row" : "row plain"}>
      <legend class={isCard ? "" : "visually-hidden"}>{legend}</legend>
      {options.map(([option, text]) => (
        <label key={text} class="row check">
          <input
            type="radio"
            name={name}
            checked={value === option}
            onChange={() => onChoose(option)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
};
