import type { HostMe } from './host-api.ts';
import { labelPersona } from './persona-label.ts';

interface PersonaSwitchProps {
  readonly me: HostMe;
  readonly busy: boolean;
  readonly onChoose: (persona: string) => void;
}

const roles = [
  { role: 'operator', label: 'Operator' },
  { role: 'customer_admin', label: 'Customer admin' },
  { role: 'customer_member', label: 'Customer member' },
] as const;

/** Lets a visitor of the demo look through the eyes of the three people that a panel is for. */
export function PersonaSwitch({ me, busy, onChoose }: PersonaSwitchProps) {
  const persona = labelPersona(me);
  const customerId = persona.customerId ?? me.customers[0]?.id ?? '';
  return (
    <div className="host-persona">
      <fieldset className="host-segments" disabled={busy}>
        <legend className="host-hidden">Look at the page as</legend>
        {roles.map(({ role, label }) => (
          <label key={role} className="host-segment">
            <input
              type="radio"
              name="persona"
              checked={persona.role === role}
              onChange={() => onChoose(role === 'operator' ? role : `${role}:${customerId}`)}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      {persona.role !== 'operator' && (
        <label className="host-select">
          <span className="host-hidden">Customer</span>
          <select
            value={customerId}
            disabled={busy}
            onChange={(event) => onChoose(`${persona.role}:${event.target.value}`)}
          >
            {me.customers.map((customer) => (
              <option key={customer.id} value={customer.id}>
                {customer.name}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
