export { wrapMcpClient, type WrapMcpClientOptions } from './wrap-mcp-client.ts';
