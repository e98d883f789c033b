import { useId } from 'react';

interface SelectControlProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** A choice out of a few, as the browser's own select: it works by touch, keyboard and voice everywhere. */
export function SelectControl<Value extends string>({
  label,
  value,
  options,
  onChange,
}: SelectControlProps<Value>) {
  const id = useId();
  return (
    <span className="tk-control">
      <label className="tk-control-label" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="tk-select"
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}
