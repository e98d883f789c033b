import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const fileName = 'embed-secret';

/**
 * The secret that a standalone server signs embed tokens with: from the environment, else one that is made at first start
 * and kept beside the data, readable by its owner only.
 */
export async function embedSecret(data: string): Promise<string> {
  const given = process.env['TALLYKIT_EMBED_SECRET'];
  if (given !== undefined && given !== '') return given;
  const file = join(resolve(data), fileName);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(48))).toString('base64');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${secret}\n`, { mode: 0o600 });
    await chmod(file, 0o600);
    return secret;
  }
}
