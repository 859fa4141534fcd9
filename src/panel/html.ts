/** Where the view's files are, as the webview may load them, and what it may load from. */
export interface ViewFiles {
  readonly script: string;
  readonly style: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** At least 128 random bits, new for every load. */
  readonly nonce: string;
}

/**
 * The view's page. Nothing but the bundle's own script runs, nothing is fetched from anywhere, and the browser
 * itself refuses to make HTML out of a string (Trusted Types without a single policy).
 */
export function viewHtml({ script, style, cspSource, nonce }: ViewFiles): string {
  const csp = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
    'media-src data: blob:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link rel="stylesheet" href="${style}">
<title>Colloquy</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" type="module" src="${script}"></script>
</body>
</html>`;
}
