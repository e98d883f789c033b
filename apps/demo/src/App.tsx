import { QueryClient, QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query';
import { createClient } from '@tallykit/client';
import { TallykitProvider } from '@tallykit/widgets';
import { useEffect, useMemo, useState } from 'react';
import { fetchMe, signInAs, type HostMe } from './host/host-api.ts';
import { labelPersona } from './host/persona-label.ts';
import { PersonaSwitch } from './host/PersonaSwitch.tsx';
import { Segments } from './host/Segments.tsx';
import { CustomerPanel } from './panels/CustomerPanel.tsx';
import { OperatorPanel } from './panels/OperatorPanel.tsx';

type Theme = 'light' | 'dark';

const liveMs = 4_000;

/** One panel for one person: a client and a cache of its own, so that nothing of one is ever shown to another. */
function Panel({ me, theme }: { readonly me: HostMe; readonly theme: Theme }) {
  const client = useMemo(
    () => createClient({ baseUrl: '/api/tallykit', principal: me.persona, clientName: 'acme-desk' }),
    [me.persona],
  );
  const [queries] = useState(() => new QueryClient());
  const persona = labelPersona(me);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible')
        void queries.invalidateQueries({ predicate: (query) => query.state.status === 'success' });
    }, liveMs);
    return () => clearInterval(timer);
  }, [queries]);
  return (
    <QueryClientProvider client={queries}>
      <TallykitProvider client={client} queryClient={queries} locale="en" currency="USD" theme={theme}>
        {persona.role === 'operator' ? (
          <OperatorPanel client={client} me={me} />
        ) : (
          <CustomerPanel client={client} me={me} />
        )}
      </TallykitProvider>
    </QueryClientProvider>
  );
}

/** The helpdesk's page: who looks, which theme, and the panel that they get. */
export function App() {
  const { data: me, refetch, error } = useQuery({ queryKey: ['me'], queryFn: fetchMe });
  const signIn = useMutation({ mutationFn: signInAs, onSuccess: () => refetch() });
  const [theme, setTheme] = useState<Theme>(() =>
    matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  );
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  if (error) return <p className="host-page">The helpdesk does not answer. Is the demo still running?</p>;
  if (!me) return null;
  return (
    <>
      <header className="host-bar">
        <div className="host-brand">
          {me.vendor}
          <small>a helpdesk with Tallykit in it</small>
        </div>
        <PersonaSwitch
          // The choice shows at once; the panel follows when the helpdesk has signed the visitor in.
          me={signIn.isPending ? { ...me, persona: signIn.variables } : me}
          busy={signIn.isPending}
          onChoose={(persona) => signIn.mutate(persona)}
        />
        <Segments
          label="Theme"
          value={theme}
          choices={[
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChoose={setTheme}
        />
      </header>
      <main className="host-page">
        <Panel key={me.persona} me={me} theme={theme} />
      </main>
    </>
  );
}
