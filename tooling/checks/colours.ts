// eslint-disable-next-line no-control-regex -- colours are written as control characters
export const colours = /\u001b\[[0-9;]*m/g;
