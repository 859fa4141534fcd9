/**
 * Whether a file's name says that it holds secrets, so that its text goes into a request only after a question. The
 * last segment of the path decides; letter case does not.
 */
export function isSecretFile(path: string): boolean {
  const name = (path.split(/[/\\]/).at(-1) ?? '').toLowerCase();
  return secretNames.some((pattern) => pattern.test(name));
}

const secretNames: readonly RegExp[] = [
  /^\.env/,
  /\.env$/,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)$/,
  /^id_(?!.*\.pub$)/,
  /^\.(?:npmrc|netrc|pypirc|pgpass|git-credentials|dockercfg|htpasswd)$/,
  /^_netrc$/,
  /^credentials(?:\.json|\.toml|\.ini|\.yml|\.yaml)?$/,
  /^secrets?\.(?:json|toml|ini|yml|yaml|env)$/,
  /^service-account.*\.json$/,
];
