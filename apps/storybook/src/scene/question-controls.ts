const text = { control: 'text' } as const;

/** Controls of the properties that every connected widget has. */
export const questionControls = {
  from: text,
  to: text,
  customerId: text,
  asCustomer: text,
  className: { control: false },
} as const;
