import type { HostMe } from './host-api.ts';
import { Segments } from './Segments.tsx';

interface PeriodSwitchProps {
  readonly periods: HostMe['periods'];
  readonly from: string;
  readonly onChoose: (from: string) => void;
}

/** Which days a panel shows. */
export function PeriodSwitch({ periods, from, onChoose }: PeriodSwitchProps) {
  const choices = periods.map((period) => ({ value: period.from, label: period.label }));
  return <Segments label="Period" value={from} choices={choices} onChoose={onChoose} />;
}

/** The period that a panel shows at first: the middle one. */
export function usualPeriod(periods: HostMe['periods']): string {
  return periods[Math.floor(periods.length / 2)]?.from ?? '';
}
