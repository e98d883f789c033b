/**
 * Every covered entry point: the method of `client.models` that makes its request, and its operation. The SDK's public
 * methods and its chats all lead to these, each once for every request that they make: one a turn of automatic function
 * calling, one a continuation. A method that a version of the SDK lacks is left out.
 */
export const googleMethods: readonly (readonly [method: string, operation: string])[] = [
  ['generateContentInternal', 'generate_content'],
  ['generateContentStreamInternal', 'generate_content'],
  ['embedContentInternal', 'embeddings'],
  ['generateImagesInternal', 'images'],
  ['editImageInternal', 'images'],
  ['upscaleImageInternal', 'images'],
  ['recontextImage', 'images'],
];
