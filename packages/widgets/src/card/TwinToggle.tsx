import { useSurroundings } from '../provider/surroundings.ts';

interface TwinToggleProps {
  readonly table: boolean;
  readonly onChange: (table: boolean) => void;
}

/** Changes between the picture and its table. */
export function TwinToggle({ table, onChange }: TwinToggleProps) {
  const { say } = useSurroundings().speech;
  return (
    <button type="button" className="tk-toggle" aria-pressed={table} onClick={() => onChange(!table)}>
      {say(table ? 'card.picture' : 'card.table')}
    </button>
  );
}
