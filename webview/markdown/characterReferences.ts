/**
 * The character references that models write: HTML 4's, the names of ASCII punctuation (which hide schemes in links),
 * and what is common of HTML 5's (https://html.spec.whatwg.org/multipage/named-characters.html). The full list has
 * 2,125 names and would be a tenth of the view; a name that is not here stays as it is written.
 */
const names = `
excl !, quot ", num #, dollar $, percnt %, amp &, apos ', lpar (, rpar )
ast midast *, plus +, comma \u{2C}, period ., sol /, colon :, semi ;, lt <, equals =, gt >, quest ?
commat @, lbrack lsqb [, bsol \\, rbrack rsqb ], Hat ^, lowbar _, grave \`, fjlig fj, lbrace lcub {
verbar vert |, rbrace rcub }, nbsp \u{A0}, iexcl ¡, cent ¢, pound £, curren ¤, yen ¥, brvbar ¦, sect §
uml ¨, copy ©, ordf ª, laquo «, not ¬, shy \u{AD}, reg ®, macr ¯, deg °, plusmn pm ±, sup2 ², sup3 ³
acute ´, micro µ, para ¶, centerdot middot ·, cedil ¸, sup1 ¹, ordm º, raquo », frac14 ¼, frac12 ½, frac34 ¾
iquest ¿, Agrave À, Aacute Á, Acirc Â, Atilde Ã, Auml Ä, Aring Å, AElig Æ, Ccedil Ç, Egrave È, Eacute É
Ecirc Ê, Euml Ë, Igrave Ì, Iacute Í, Icirc Î, Iuml Ï, ETH Ð, Ntilde Ñ, Ograve Ò, Oacute Ó, Ocirc Ô, Otilde Õ
Ouml Ö, times ×, Oslash Ø, Ugrave Ù, Uacute Ú, Ucirc Û, Uuml Ü, Yacute Ý, THORN Þ, szlig ß, agrave à
aacute á, acirc â, atilde ã, auml ä, aring å, aelig æ, ccedil ç, egrave è, eacute é, ecirc ê, euml ë
igrave ì, iacute í, icirc î, iuml ï, eth ð, ntilde ñ, ograve ò, oacute ó, ocirc ô, otilde õ, ouml ö
div divide ÷, oslash ø, ugrave ù, uacute ú, ucirc û, uuml ü, yacute ý, thorn þ, yuml ÿ, Amacr Ā, amacr ā
Aogon Ą, aogon ą, Cacute Ć, cacute ć, Ccaron Č, ccaron č, Dcaron Ď, dcaron ď, Dstrok Đ, dstrok đ, Emacr Ē
emacr ē, Eogon Ę, eogon ę, Ecaron Ě, ecaron ě, Gbreve Ğ, gbreve ğ, Imacr Ī, imacr ī, Idot İ, imath inodot ı
Lstrok Ł, lstrok ł, Nacute Ń, nacute ń, ncaron ň, Omacr Ō, omacr ō, Odblac Ő, odblac ő, OElig Œ, oelig œ
rcaron ř, Sacute Ś, sacute ś, Scedil Ş, scedil ş, Scaron Š, scaron š, tcaron ť, Umacr Ū, umacr ū, Uring Ů
uring ů, Udblac Ű, udblac ű, Yuml Ÿ, Zacute Ź, zacute ź, Zdot Ż, zdot ż, Zcaron Ž, zcaron ž, fnof ƒ, circ ˆ
tilde ˜, Alpha Α, Beta Β, Gamma Γ, Delta Δ, Epsilon Ε, Zeta Ζ, Eta Η, Theta Θ, Iota Ι, Kappa Κ, Lambda Λ
Mu Μ, Nu Ν, Xi Ξ, Omicron Ο, Pi Π, Rho Ρ, Sigma Σ, Tau Τ, Upsilon Υ, Phi Φ, Chi Χ, Psi Ψ, Omega Ω, alpha α
beta β, gamma γ, delta δ, epsilon ε, zeta ζ, eta η, theta θ, iota ι, kappa κ, lambda λ, mu μ, nu ν, xi ξ
omicron ο, pi π, rho ρ, sigmaf ς, sigma σ, tau τ, upsilon υ, phi φ, chi χ, psi ψ, omega ω, thetasym ϑ
upsih ϒ, piv ϖ, ensp \u{2002}, emsp \u{2003}, numsp \u{2007}, puncsp \u{2008}, thinsp \u{2009}
hairsp \u{200A}, ZeroWidthSpace \u{200B}, zwnj \u{200C}, zwj \u{200D}, lrm \u{200E}, rlm \u{200F}, dash ‐
ndash –, mdash —, horbar ―, lsquo ‘, rsquo ’, sbquo ‚, ldquo “, rdquo ”, bdquo „, dagger †, Dagger ‡
bull bullet •, hellip mldr …, permil ‰, prime ′, Prime ″, lsaquo ‹, rsaquo ›, oline ‾, frasl ⁄, euro €
HilbertSpace ℋ, hbar planck ℏ, Im image ℑ, ell ℓ, weierp wp ℘, Re real ℜ, trade ™, alefsym aleph ℵ
DifferentialD ⅆ, LeftArrow larr leftarrow ←, uarr uparrow ↑, RightArrow rarr rightarrow →, darr downarrow ↓
harr leftrightarrow ↔, varr ↕, map mapsto ↦, crarr ↵, Leftarrow lArr ⇐, uArr ⇑, Implies Rightarrow rArr ⇒
dArr ⇓, hArr iff ⇔, forall ∀, part ∂, exist ∃, nexists ∄, empty emptyset varnothing ∅, Del nabla ∇
in isin isinv ∈, notin ∉, ni ∋, Product prod ∏, Sum sum ∑, minus −, mnplus mp ∓, setminus ∖, lowast ∗
Sqrt radic √, prop propto ∝, infin ∞, ang ∠, and wedge ∧, or vee ∨, cap ∩, cup ∪, Integral int ∫, oint ∮
ClockwiseContourIntegral ∲, there4 ∴, sim ∼, simeq ≃, cong ≅, ap approx asymp ≈, NotEqual ne ≠, equiv ≡
le leq ≤, ge geq ≥, ngE ≧\u{338}, ll ≪, gg ≫, sub subset ⊂, sup supset ⊃, nsub ⊄, sube subseteq ⊆
supe supseteq ⊇, oplus ⊕, otimes ⊗, perp ⊥, sdot ⋅, lceil ⌈, rceil ⌉, lfloor ⌊, rfloor ⌋, lang 〈, rang 〉
boxh ─, boxv │, block █, squ square □, squf ▪, utri ▵, rtri ▹, dtri ▿, ltri ◃, loz ◊, cir ○, bigstar starf ★
star ☆, phone ☎, female ♀, male ♂, spades ♠, clubs ♣, hearts ♥, diams ♦, check checkmark ✓, cross ✗
longleftarrow ⟵, longrightarrow ⟶
`;

const characters: ReadonlyMap<string, string> = new Map([
  ['Tab', '\t'],
  ['NewLine', '\n'],
  ...names
    .trim()
    .split(/, |\n/u)
    .flatMap((entry) => {
      const words = entry.split(' ');
      const character = words.at(-1) ?? '';
      return words.slice(0, -1).map((name): [string, string] => [name, character]);
    }),
]);

const reference =
  /&(?:#(?:(?<decimal>\d{1,7})|[xX](?<hex>[\da-fA-F]{1,6}))|(?<name>[a-zA-Z][a-zA-Z\d]{1,31}));/gu;

/** Replaces character references by what they stand for (CommonMark 0.31, section 2.5). */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(reference, (written, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return characters.get(name) ?? written;
    return numeric(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal));
  });
}

function numeric(code: number): string {
  const isCharacter = code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
  return isCharacter ? String.fromCodePoint(code) : '\u{FFFD}';
}
